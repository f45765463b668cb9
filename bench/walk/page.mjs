// A browser with the walk's page, whose sound goes where PULSE_SINK says, or without a PulseAudio where PIPEWIRE_NODE says.
//   node page.mjs SERVER NAME          says "ready" once it is, and stays until standard input ends
//   node page.mjs SERVER NAME QUOTA    on a disk with room for so many bytes: prints what the page says of it
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const [server, name, quota] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--alsa-output-device=pipewire', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  ignoreDefaultArgs: ['--mute-audio'],
});
const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } });
context.setDefaultTimeout(60_000);
const page = await context.newPage();
const faults = [];
page.on('pageerror', (error) => faults.push(String(error)));
if (quota !== undefined) {
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(server).origin, quotaSize: Number(quota) });
}
await page.goto(`${server}/walk`);
if (quota === undefined) {
  await page.getByText('Everything is here').waitFor();
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your name').blur();
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByText('Ready', { exact: true }).waitFor();
  console.log('ready');
  for await (const _ of process.stdin);
} else {
  const trouble = page.locator('.walk-trouble');
  await trouble.waitFor();
  console.log(JSON.stringify({ says: (await trouble.innerText()).replace(/\s+/g, ' '), faults }));
}
await browser.close();
