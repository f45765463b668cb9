// A phone on a walk of two hours: what its page's process holds of memory while it downloads and plays.
//   node walk_budget.mjs SERVER TOKEN
// TOKEN is a conductor's. Prints { rows: [{ at, stage, rss }], stored, heap, late } as JSON, sizes in bytes.
import { readFileSync, readdirSync } from 'node:fs';
import { launch, looks, newContext } from './chromium.mjs';

const [server, token] = process.argv.slice(2);
const browser = await launch();
const context = await newContext(browser, [], looks['phone-light']);
const page = await context.newPage();
const began = Date.now();
const rows = [];
let stage = 'empty';

/** Of all processes that render pages of this browser: what they alone hold, in bytes. */
function privateBytes() {
  let most = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf-8');
      if (!line.includes('--type=renderer') || !descends(pid)) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf-8');
      const sum = ['Private_Clean', 'Private_Dirty'].reduce((all, key) => all + Number(new RegExp(`${key}:\\s+(\\d+)`).exec(rollup)[1]), 0);
      most = Math.max(most, sum * 1024);
    } catch {
      // It has ended.
    }
  }
  return most;
}

function descends(pid) {
  for (let at = Number(pid); at > 1; ) {
    if (at === process.pid) return true;
    at = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${at}/stat`, 'utf-8'))[1]);
  }
  return false;
}

const look = () => rows.push({ at: Date.now() - began, stage, bytes: privateBytes() });
const looking = setInterval(look, 100);
await page.waitForTimeout(500);
stage = 'download';
await page.goto(`${server}/walk`);
await page.getByText('Everything is here').waitFor({ timeout: 90_000 });
stage = 'play';
await page.getByRole('button', { name: 'Begin' }).tap();
await page.getByText('Ready', { exact: true }).waitFor();
const response = await fetch(`${server}/api/v1/walk/cue`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ a: 5400, b: 7190 }),
});
if (!response.ok) throw new Error(await response.text());
await page.getByText('Playing', { exact: true }).waitFor();
await page.waitForTimeout(8000);
clearInterval(looking);
const { rows: phones } = await (await fetch(`${server}/api/v1/walk/participants`, { headers: { Authorization: `Bearer ${token}` } })).json();
const stored = await page.evaluate(async () => (await navigator.storage.estimate()).usage);
const cdp = await context.newCDPSession(page);
const heap = await cdp.send('Runtime.getHeapUsage');
console.log(JSON.stringify({ rows, phones, stored, heap }));
await browser.close();
