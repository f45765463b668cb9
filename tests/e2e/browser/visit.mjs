// Opens the radio's page in Chromium as a person would, listens, and prints what it saw as JSON.
//   node visit.mjs SERVER QUICK_STATION SCREENSHOTS SOUND
// SERVER is the radio's address, QUICK_STATION the path of a station whose tracks change within seconds. Screenshots
// go to the folder SCREENSHOTS; what the page played to the file SOUND (32-bit floats, mono, 44.1 kHz).
import { writeFileSync } from 'node:fs';
import { launch, looks } from './chromium.mjs';
import { capture, recorded } from './sound.mjs';
import { inspect } from './inspect.mjs';

const [server, quickStation, screenshots, soundFile] = process.argv.slice(2);
const listenSeconds = 13;
const complaints = [];

const browser = await launch();

// What sound.mjs brings along, not the page.
const isOurs = (message) => message.text().includes('ScriptProcessorNode');

async function open(path, options) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !isOurs(message) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (answer) => {
    // A listener's key is unknown until its stream's first byte was sent: asking again is how the page waits for it.
    const expected = answer.status() === 404 && answer.url().includes('/api/v1/listeners/');
    if (answer.status() >= 400 && !expected) complaints.push(`${answer.status()} ${answer.url()}`);
  });
  await page.addInitScript(capture);
  await page.goto(server + path);
  await page.locator('h1').filter({ hasNotText: 'Tuning in' }).waitFor();
  return page;
}

const seen = { complaints, pages: {} };
for (const [name, options] of Object.entries(looks)) {
  const page = await open('/', options);
  await page.waitForTimeout(500); // covers
  await page.screenshot({ path: `${screenshots}/${name}.png` });
  seen.pages[name] = await page.evaluate(inspect);
  if (name === 'desktop-light') seen.tree = await page.locator('body').ariaSnapshot();
  await page.context().close();
}

// From here on with the keyboard alone.
const page = await open(quickStation, looks['desktop-light']);
const focused = () => page.evaluate(() => {
  const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
  return {
    name: document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent,
    role: document.activeElement.tagName,
    visible: outlineStyle !== 'none' || boxShadow !== 'none',
  };
});
seen.tabs = [];
for (let presses = 0; presses < 15; presses += 1) {
  await page.keyboard.press('Tab');
  seen.tabs.push(await focused());
  if (seen.tabs.at(-1).name.startsWith('Listen to')) break;
}
await page.keyboard.press('Enter');
await page.waitForFunction(() => window.players.some((player) => player.currentTime > 0.5));
seen.pressed = await page.evaluate(() => document.activeElement.getAttribute('aria-pressed'));
await page.evaluate(recorded.begin);
await page.waitForTimeout(listenSeconds * 1000);
const { sound, ...heard } = await page.evaluate(recorded.end);
writeFileSync(soundFile, Buffer.from(sound, 'base64'));
seen.heard = heard;
seen.documentTitle = await page.title();

const volume = () => page.evaluate(() => window.players.at(-1).volume);
const slider = page.getByRole('slider', { name: 'Volume' }).first();
seen.volumeBefore = await volume();
await slider.focus();
await page.keyboard.press('Home');
for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press('ArrowRight');
seen.volumeAfter = await volume();

await page.screenshot({ path: `${screenshots}/listening.png` });
await page.getByRole('button', { name: /^Listen to/, pressed: true }).first().focus();
await page.keyboard.press('Space');
await page.waitForTimeout(500);
seen.stopped = await page.evaluate(() => window.players.every((player) => player.paused));

await browser.close();
console.log(JSON.stringify(seen));
