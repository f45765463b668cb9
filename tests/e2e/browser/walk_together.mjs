// The whole walk: four phones, each a Chromium of its own, and the conductor's page.
//   node walk_together.mjs SERVER NAME PASSWORD TOKEN SCREENSHOTS HOME
// NAME may conduct. Prints "kill" where the server is to be killed, "start" where it is to be started at the same address,
// and waits for a line each time; at last what was seen as JSON. What phone N has rendered goes to HOME/N.s16: one channel.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';
import { moments, tap, tappedMono } from './tap.mjs';

const [server, name, password, token, screenshots, home] = process.argv.slice(2);
const seen = { complaints: [], faults: [], stages: [], took: {} };
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const began = Date.now();

async function api(path, body) {
  const response = await fetch(`${server}/api/v1/walk${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function shoot(page, stage) {
  await page.screenshot({ path: `${screenshots}/walk-together-${stage}.png` });
  seen.faults.push(...(await page.evaluate(inspect, { listens: false })).faults.map((fault) => `${stage}: ${fault}`));
  mark(stage);
}

function mark(what) {
  seen.took[what] = Date.now() - began;
}

/** Another name of this machine: for a browser it is one of those that are not trusted over plain http. */
const plain = 'park.test';

/** Runs inside the page, before its scripts: what a hand that holds the phone would feel, and whether the screen was asked to stay on. */
function feel() {
  window.felt = [];
  window.kept = 0;
  navigator.vibrate = (pattern) => Boolean(window.felt.push(pattern));
  if (!navigator.wakeLock) return;
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = (...kind) => {
    window.kept += 1;
    return request(...kind);
  };
}

class Phone {
  constructor(name, look) {
    [this.name, this.look] = [name, look];
  }

  async open() {
    this.browser = await launch(`--host-resolver-rules=MAP ${plain} 127.0.0.1`);
    this.context = await newContext(this.browser, seen.complaints, { ...looks[this.look], bypassCSP: true });
    await this.context.addInitScript(tap);
    await this.context.addInitScript(feel);
    this.page = await this.context.newPage();
  }

  async enter(host = server) {
    await this.page.goto(`${host}/walk`);
    await this.page.getByLabel('Your name').fill(this.name);
    await this.page.getByLabel('Your name').blur();
  }

  async begin() {
    await this.page.getByText('Everything is here').waitFor();
    await this.page.getByRole('button', { name: 'Begin' }).tap();
    await this.page.getByText('Ready', { exact: true }).waitFor();
  }

  hears(cue) {
    return this.page.getByText(cue, { exact: true }).waitFor();
  }

  /** On the screen, and for a screen reader. */
  async reads(message) {
    await this.page.getByRole('heading', { name: message }).waitFor();
    await this.page.getByRole('alert').filter({ hasText: message }).waitFor();
  }
}

const [ada, ben, cleo, dee] = [['Ada', 'phone-light'], ['Ben', 'phone-dark'], ['Cleo', 'phone-light'], ['Dee', 'phone-light']].map((one) => new Phone(...one));
const early = [ada, ben, cleo];
const all = [...early, dee];

/** How long what is asserted of a stage lasts, in ms; from its beginning on nothing changes. */
const stageMs = 1200;

/** By how much the server's clock is ahead of ours, in ms: of some questions, the one that was answered soonest says it. */
async function ahead() {
  let best = { took: Infinity, ahead: 0 };
  for (let asks = 0; asks < 8; asks += 1) {
    const asked = Date.now();
    const { server_time } = await api('');
    const took = Date.now() - asked;
    if (took < best.took) best = { took, ahead: server_time / 1000 - (asked + took / 2) };
  }
  return best.ahead;
}

/** The same cue at the same place for all of `phones`: what the server says, and when each one's output is heard. */
async function stage(label, phones) {
  const { live, sheet, armed, lead_ms } = await api('');
  const cue = live.now ?? { ...sheet.find((one) => one.name === armed.from), start: armed.start };
  const from = Date.now();
  const outputs = Object.fromEntries(await Promise.all(phones.map(async ({ name, page }) => [name, await page.evaluate(moments, stageMs)])));
  seen.stages.push({ label, cue, lead_ms, ahead: await ahead(), from, to: Date.now(), outputs });
}

await Promise.all(all.map((phone) => phone.open()));
const desk = await newContext(dee.browser, seen.complaints, looks['desktop-light']);
const conductor = await desk.newPage();
seen.took.launched = Date.now() - began;

// Download, over a network that takes a while.
const slow = await ada.context.newCDPSession(ada.page);
await slow.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: 300_000, uploadThroughput: 300_000 });
await Promise.all(early.map((phone) => phone.enter()));
await ada.page.getByText(/^0\.[3-9] MB of /).waitFor();
await shoot(ada.page, '1-download');
await slow.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
await slow.detach();
await conductor.goto(`${server}/login`);
await conductor.getByLabel('Name').fill(name);
await conductor.getByLabel('Password').fill(password);
await conductor.keyboard.press('Enter');
await conductor.getByRole('heading', { name: 'Signed in' }).waitFor();
await conductor.goto(`${server}/conduct`);
await Promise.all(early.map((phone) => phone.begin()));
const row = (who) => conductor.getByRole('region', { name: 'Phones' }).getByRole('listitem').filter({ hasText: who });
for (const { name } of early) await row(name).getByText('Ready', { exact: true }).waitFor();
await shoot(ben.page, '2-ready');
const install = await ben.context.newCDPSession(ben.page);
seen.install = (await install.send('Page.getInstallabilityErrors')).installabilityErrors.map(({ errorId }) => errorId);
await shoot(conductor, '2-ready-conductor');

// The sheet is armed; Cleo opens the page anew without a network, and joins by what it remembers.
const { server_time } = await api('');
await api('/arm', { from: 'gate', start: server_time + 6_000_000 });
await Promise.all(early.map(({ page }) => page.getByText(/^gate in/).waitFor()));
await cleo.context.setOffline(true);
await cleo.page.reload();
await cleo.begin();
await cleo.page.getByText('The time is remembered from before').waitFor();
await shoot(cleo.page, '3-armed-offline');
await Promise.all(early.map((phone) => phone.hears('gate')));
mark('armed begins');
await stage('armed', [ada, ben]);
await stage('armed, remembered', [cleo]);
await cleo.context.setOffline(false);

// GO replaces it at one moment for all; a message is on every screen.
const go = (cue) => conductor.getByRole('region', { name: 'Cues' }).getByRole('button', { name: `GO ${cue}`, exact: true }).click();
await cleo.page.getByText('In step with the others').waitFor();
mark('Cleo is back');
await go('river');
await conductor.getByLabel('To every screen').fill('Turn left at the old bridge');
await conductor.keyboard.press('Enter');
await Promise.all(early.flatMap((phone) => [phone.hears('river'), phone.reads('Turn left at the old bridge')]));
mark('river heard');
await stage('cue', early);
await shoot(ada.page, '4-cue-and-message');
await shoot(conductor, '4-cue-conductor');

// Dee comes late, into the middle.
await dee.enter();
await dee.begin();
await Promise.all([dee.hears('river'), dee.reads('Turn left at the old bridge')]);
mark('Dee hears');
await stage('late', all);
await shoot(dee.page, '5-late');

// Eve has plain http, where browsers know neither worklets nor service workers nor wake locks. Nobody records her.
const eve = new Phone('Eve', 'phone-dark');
eve.context = await newContext(dee.browser, seen.complaints, looks[eve.look]);
eve.page = await eve.context.newPage();
await eve.enter(server.replace('127.0.0.1', plain));
await eve.begin();
await Promise.all([eve.hears('river'), eve.reads('Turn left at the old bridge')]);
seen.eve = await eve.page.evaluate(() => ({ secure: isSecureContext, worklets: 'audioWorklet' in AudioContext.prototype, workers: 'serviceWorker' in navigator }));
await eve.page.getByText('over plain http it cannot be opened again').waitFor();
await eve.page.getByText('No sound, or not together?').tap();
await eve.page.getByText('cannot keep the screen on').waitFor();
await shoot(eve.page, '5-plain-http');
for (const until = Date.now() + 20_000; ; await eve.page.waitForTimeout(100)) {
  const { rows } = await api('/participants');
  if (rows.find(({ name }) => name === eve.name)?.ack?.start_error_us != null) break;
  if (Date.now() > until) throw new Error(`Eve has not said how she began: ${JSON.stringify(rows)}`);
}
await eve.context.close();

// Ben loses the network. What is said and cued meanwhile he hears of when he is back, and plays nothing of what is over.
await ben.context.setOffline(true);
await ben.page.getByText('No network just now').waitFor();
mark('Ben knows');
await go('bell');
await conductor.getByLabel('To every screen').fill('Wait for the others');
await conductor.keyboard.press('Enter');
await Promise.all([ada, cleo, dee].flatMap((phone) => [phone.hears('bell'), phone.reads('Wait for the others')]));
await shoot(ben.page, '6-offline');
seen.benHears = await ben.page.locator('.walk-cue').innerText();
seen.benReads = await ben.page.locator('h1').innerText();
await go('meadow');
mark('meadow told');
await Promise.all([ada, cleo, dee].map((phone) => phone.hears('meadow')));
mark('meadow heard');
await ben.context.setOffline(false);
const back = Date.now();
await Promise.all([ben.hears('meadow'), ben.reads('Wait for the others')]);
seen.benBack = [back, Date.now()];
mark('Ben is back');
await stage('back', all);
await shoot(ben.page, '7-back');

// The server is killed: everybody plays on, and is in the same place when it is there again.
console.log('kill');
await lines.next();
await Promise.all(all.map(({ page }) => page.getByText('No network just now').waitFor()));
await shoot(cleo.page, '8-server-killed');
await shoot(conductor, '8-server-killed-conductor');
await ada.page.evaluate(() => { for (const end = performance.now() + 2000; performance.now() < end; ); }); // busy, and not to be heard
mark('to be started');
console.log('start');
await lines.next();
await Promise.all(all.map(({ page }) => page.getByText('In step with the others').waitFor()));
mark('all are back');
await stage('restarted', all);
await shoot(cleo.page, '9-restarted');
for (const { name } of all) await row(name).getByText('Ready', { exact: true }).waitFor();
await shoot(conductor, '9-restarted-conductor');
seen.rows = (await api('/participants')).rows;

await conductor.getByLabel('Fade (s)').fill('0.3');
await conductor.getByRole('button', { name: 'Stop' }).click();
await Promise.all(all.map(({ page }) => page.getByText('meadow', { exact: true }).waitFor({ state: 'detached' })));
seen.stopped = Date.now();
await shoot(dee.page, '10-stopped');
await conductor.waitForTimeout(500);
seen.felt = Object.fromEntries(await Promise.all(all.map(async ({ name, page }) => [name, await page.evaluate(() => [window.felt.length, window.kept > 0])])));
seen.phones = {};
for (const { name, page } of all) {
  const { sound, ...about } = await page.evaluate(tappedMono);
  writeFileSync(`${home}/${name}.s16`, Buffer.from(sound, 'base64'));
  seen.phones[name] = about;
}
seen.log = (await api('/log')).events;
seen.took.all = Date.now() - began;
seen.complaints = seen.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection|Failed to fetch/.test(text));
console.log(JSON.stringify(seen));
await Promise.all(all.map(({ browser }) => browser.close()));
process.exit(0);
