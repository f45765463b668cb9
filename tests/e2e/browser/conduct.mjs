// The conductor's page: somebody signs in, sees who is ready, and conducts by tap, by the space bar and by numbers.
//   node conduct.mjs SERVER NAME PASSWORD SCREENSHOTS
// Ada (ready) and Ben (still downloading) are there already. Prints what was seen as JSON.
import { readFileSync } from 'node:fs';
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';

const [server, name, password, screenshots] = process.argv.slice(2);
const seen = { complaints: [], faults: [] };
const browser = await launch();

async function shoot(page, stage, fullPage = false) {
  await page.screenshot({ path: `${screenshots}/conduct-${stage}.png`, fullPage });
  seen.faults.push(...(await page.evaluate(inspect, { listens: false })).faults.map((fault) => `${stage}: ${fault}`));
}

// Who is not signed in is shown the way. The browser complains of the 401, on purpose here.
const stranger = await (await newContext(browser, [], looks['phone-light'])).newPage();
await stranger.goto(`${server}/conduct`);
await stranger.getByText('needs a user with the role conductor').waitFor();
await shoot(stranger, 'signed-out');

const context = await newContext(browser, seen.complaints, { ...looks['desktop-light'], acceptDownloads: true });
const page = await context.newPage();
await page.goto(`${server}/login`);
await page.getByLabel('Name').fill(name);
await page.getByLabel('Password').fill(password);
await page.keyboard.press('Enter');
await page.getByRole('heading', { name: 'Signed in' }).waitFor();
await page.goto(`${server}/conduct`);
await page.getByRole('heading', { name: 'The Park' }).waitFor();
const row = (who) => page.getByRole('region', { name: 'Phones' }).getByRole('listitem').filter({ hasText: who });
const now = page.getByRole('region', { name: 'Now' });
await row('Ada').getByText('Ready', { exact: true }).waitFor();
await row('Ben').getByText('Not ready').waitFor();
seen.ada = (await row('Ada').innerText()).split(/\n+/);
seen.ben = (await row('Ben').innerText()).split(/\n+/);
seen.counts = await page.locator('.conduct-counts dd').allInnerTexts();

await page.getByRole('region', { name: 'Cues' }).getByRole('button', { name: 'GO bridge' }).click();
await now.getByRole('progressbar', { name: 'Through bridge' }).waitFor();
await row('Ada').getByText('cue 1', { exact: true }).waitFor();
seen.acked = (await row('Ada').innerText()).split(/\n+/);

// The space bar goes on to the cue behind it, though a button was clicked before; in a field it is a space.
await page.keyboard.press('Space');
await now.getByRole('progressbar', { name: 'Through river' }).waitFor();
await page.getByLabel('To every screen').fill('Turn');
await page.keyboard.press('Space');
await page.keyboard.type('left');
await page.keyboard.press('Enter');
await page.getByText('On the screens: Turn left').waitFor();
await shoot(page, 'desktop-light', true);

// What cannot be meant is said, and not sent.
await page.getByLabel('From (s)').fill('7');
await page.getByLabel('To (s)').fill('2.5');
await page.getByRole('button', { name: 'GO this part' }).click();
seen.refused = await page.getByRole('alert').innerText();
await page.getByLabel('To (s)').fill('29.125');
await page.getByRole('button', { name: 'GO this part' }).click();
await now.getByRole('progressbar', { name: /7–29.125 s/ }).waitFor();
seen.focused = await page.evaluate(() => document.activeElement.tagName); // not on a GO that a space would press
await page.getByLabel('To (s)').fill('9999');
await page.getByRole('button', { name: 'GO this part' }).click();
await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
await shoot(page, 'refused');
seen.refusedByServer = await page.getByRole('alert').innerText();

await page.getByLabel('Lead (s)').fill('1.5');
await page.getByRole('button', { name: 'Set', exact: true }).click();
await page.getByText('as set').waitFor();
await page.getByRole('button', { name: 'As measured' }).click();
await page.getByText(', as measured').waitFor();

// On a phone, the same walk at the same moment.
const { cookies } = await context.storageState();
for (const look of ['phone-light', 'desktop-dark', 'phone-dark']) {
  const other = await newContext(browser, seen.complaints, looks[look]);
  await other.addCookies(cookies);
  const hand = await other.newPage();
  await hand.goto(`${server}/conduct`);
  await hand.getByRole('progressbar', { name: /7–29.125 s/ }).waitFor();
  await shoot(hand, look);
  if (look === 'phone-light') await shoot(hand, `${look}-whole`, true);
  if (look === 'phone-dark') await hand.getByRole('region', { name: 'Cues' }).getByRole('button', { name: 'GO gate' }).tap();
  await other.close();
}
await now.getByRole('progressbar', { name: 'Through gate' }).waitFor();

await page.getByLabel('Fade (s)').fill('0.2');
await page.getByRole('button', { name: 'Stop' }).click();
await now.getByText('Silence').waitFor();
const download = page.waitForEvent('download');
await page.getByRole('button', { name: 'Save as text' }).click();
seen.log = readFileSync(await (await download).path(), 'utf-8').trim().split('\n').map((line) => line.split('\t').slice(1, 4));

// Without a network it says so, keeps no order, and comes back by itself.
await context.setOffline(true);
await page.getByRole('status').filter({ hasText: 'The connection broke off' }).waitFor();
await page.getByRole('region', { name: 'Cues' }).getByRole('button', { name: 'GO bridge' }).click();
await page.getByText('Not connected: nothing was sent.').waitFor();
await shoot(page, 'lost');
await context.setOffline(false);
await page.getByText('Connected', { exact: true }).first().waitFor();
await page.locator('.conduct-line.open').waitFor();
await now.getByText('Silence').waitFor();

seen.complaints = seen.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(text));
console.log(JSON.stringify(seen));
await browser.close();
