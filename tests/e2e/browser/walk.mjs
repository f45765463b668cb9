// Two phones on a walk: one from the beginning, one that comes late; then the first loses the network.
//   node walk.mjs SERVER TOKEN SCREENSHOTS HOME
// TOKEN is a conductor's. Prints what was seen as JSON; what the first phone has rendered goes to HOME/walk.f32.
import { writeFileSync } from 'node:fs';
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';
import { tap, tapped } from './tap.mjs';

const [server, token, screenshots, home] = process.argv.slice(2);
const complaints = [];
const faults = [];
const browser = await launch();

async function conduct(verb, body) {
  const response = await fetch(`${server}/api/v1/walk/${verb}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${verb}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function participants() {
  const response = await fetch(`${server}/api/v1/walk/participants`, { headers: { Authorization: `Bearer ${token}` } });
  return (await response.json()).rows;
}

// The tap is put into the page; its own policy would not let it in.
async function phone(name, look, meanwhile) {
  const context = await newContext(browser, complaints, { ...looks[look], bypassCSP: true });
  await context.addInitScript(tap);
  const page = await context.newPage();
  const shoot = async (stage) => {
    await page.screenshot({ path: `${screenshots}/walk-${stage}-${look}.png` });
    faults.push(...(await page.evaluate(inspect, { listens: false })).faults.map((fault) => `${stage}: ${fault}`));
  };
  await page.goto(`${server}/walk`);
  await page.getByText('Everything is here').waitFor();
  await page.getByLabel('Your name').fill(name);
  await meanwhile?.(page);
  await page.getByLabel('Your name').blur();
  await shoot('welcome');
  await page.getByRole('button', { name: 'Begin' }).tap();
  await page.getByText('Ready', { exact: true }).waitFor();
  return { context, page, shoot };
}

/** Which frame of its output is heard at a moment of all pages' clock, in ms, by what the browser says. */
const outputs = (page) => page.evaluate(() => {
  const { context } = window.taps.at(-1);
  const { contextTime, performanceTime } = context.getOutputTimestamp();
  return { contextTime, at: performance.timeOrigin + performanceTime, rate: context.sampleRate };
});

// News that comes while its owner types takes nothing away.
const first = await phone('Ada', 'phone-light', async (page) => {
  await conduct('message', { text: 'We begin at the gate' });
  await page.getByRole('alert').filter({ hasText: 'We begin at the gate' }).waitFor();
});
await first.shoot('ready');
await first.page.waitForTimeout(1500); // of exchanges with the server, as before any walk
const cue = await conduct('cue', { name: 'bridge' });
await conduct('message', { text: 'Turn left at the old bridge' });
await first.page.getByRole('heading', { name: 'Turn left at the old bridge' }).waitFor();
await first.page.getByText('bridge', { exact: true }).waitFor();
const late = await phone('Ben', 'phone-dark');
await late.page.getByText('bridge', { exact: true }).waitFor();
await late.page.waitForTimeout(1500);
await first.shoot('playing');
await late.shoot('playing');
const acked = await participants();
const stamps = [await outputs(first.page), await outputs(late.page)];

// Without a network it goes on, and what was missed is there when it is back.
await first.context.setOffline(true);
await first.page.getByText('No network just now').waitFor();
await conduct('message', { text: 'Wait for the others' });
await first.page.waitForTimeout(1000);
await first.shoot('lost');
await first.context.setOffline(false);
await first.page.getByRole('heading', { name: 'Wait for the others' }).waitFor();
await first.page.getByText('In step with the others').waitFor();
const heard = await first.page.evaluate(tapped, 0);
writeFileSync(`${home}/walk.f32`, Buffer.from(heard.sound, 'base64'));

await conduct('stop', { fade_ms: 300 });
await first.page.getByText('bridge', { exact: true }).waitFor({ state: 'detached' });
await first.page.getByText('No sound, or not together?').tap();
await first.shoot('help');
const stored = await first.page.evaluate(() => caches.keys());

// Another visit finds everything, without a network too.
await first.context.setOffline(true);
await first.page.reload();
await first.page.getByText('Everything is here').waitFor();
await first.shoot('offline');

// Cy is quick: the name is being typed when the page hears of the walk.
const quick = await newContext(browser, complaints, { ...looks['phone-light'], bypassCSP: true });
const cy = await quick.newPage();
let tell;
const told = new Promise((resolve) => (tell = resolve));
await cy.routeWebSocket(/sendspin/, (socket) => {
  socket.connectToServer().onMessage((message) => told.then(() => socket.send(message)));
});
await cy.goto(`${server}/walk`);
await cy.getByLabel('Your name').fill('C');
const field = await cy.getByLabel('Your name').elementHandle();
tell();
await cy.getByText('Everything is here').waitFor();
await cy.keyboard.type('y');
const typed = await field.evaluate((input) => (input === document.querySelector('input') ? input.value : 'in a field that is gone'));

console.log(JSON.stringify({ typed, start: (cue.live.next ?? cue.live.now).start, acked, stamps, rate: heard.rate, stored, faults,
  complaints: complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(text)) }));
await browser.close();
