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
await page.goto(`${server}/conduct`);
await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
await page.getByLabel('Name').fill(name);
await page.getByLabel('Password').fill(password);
await page.keyboard.press('Enter');
await page.waitForURL(`${server}/conduct`); // back where the way in began
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
  const phone = await other.newPage();
  await phone.goto(`${server}/conduct`);
  await phone.getByRole('progressbar', { name: /7–29.125 s/ }).waitFor();
  await shoot(phone, look);
  if (look === 'phone-dark') await phone.getByRole('region', { name: 'Cues' }).getByRole('button', { name: 'GO gate' }).tap();
  await other.close();
}
await now.getByRole('progressbar', { name: 'Through gate' }).waitFor();

await page.getByLabel('Fade (s)').fill('0.2');
await page.getByRole('button', { name: 'Stop' }).click();
await now.getByText('Silence').waitFor();
const download = page.waitForEvent('download');
await page.getByRole('button', { name: 'Save as text' }).click();
seen.log = readFileSync(await (await download).path(), 'utf-8').trim().split('\n').map((line) => line.split('\t').slice(1, 4));

// A part is picked by dragging over the sound, and the numbers are the same; the arrow keys move an edge.
const numbers = async (where) => Promise.all(['From (s)', 'To (s)'].map((label) => where.getByLabel(label).inputValue().then(Number)));
const boxOf = async (where) => {
  await where.locator('.wave').scrollIntoViewIfNeeded();
  return where.locator('.wave-sound').boundingBox();
};
const clear = async (where) => Promise.all(['From (s)', 'To (s)'].map((label) => where.getByLabel(label).fill('')));
await clear(page);
await page.locator('.wave-sound svg').waitFor();
const box = await boxOf(page);
await page.mouse.move(box.x + box.width * 0.2, box.y + 90);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.35, box.y + 70, { steps: 4 });
seen.dragging = await numbers(page);
await page.mouse.move(box.x + box.width * 0.5, box.y + 95, { steps: 4 });
await page.mouse.up();
seen.dragged = await numbers(page);
await page.getByRole('slider', { name: 'From' }).press('Shift+ArrowRight');
seen.nudged = await numbers(page);
await page.mouse.click(box.x + box.width * (1 / 30), box.y + 90); // only the gate's region is there
seen.tapped = await numbers(page);
await page.getByRole('button', { name: 'Closer' }).click();
await page.getByRole('slider', { name: 'In view' }).waitFor();
await shoot(page, 'zoomed');
await page.getByRole('button', { name: 'All', exact: true }).click();

// With a finger: sideways picks, up and down scrolls.
const held = await newContext(browser, seen.complaints, looks['phone-light']);
await held.addCookies(cookies);
const hand = await held.newPage();
await hand.goto(`${server}/conduct`);
await hand.locator('.wave-sound svg').waitFor();
const finger = await held.newCDPSession(hand);
const swipe = async (...points) => {
  for (const [n, [x, y]] of points.entries()) {
    await finger.send('Input.dispatchTouchEvent', { type: n === 0 ? 'touchStart' : 'touchMove', touchPoints: [{ x, y }] });
  }
  await hand.waitForTimeout(200); // a finger that is still in motion flings, and what it taps next is not clicked
  const [x, y] = points.at(-1);
  await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + 0.5, y }] });
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
};
const touched = await boxOf(hand);
const at = (share, dy = 60) => [touched.x + touched.width * share, touched.y + dy];
await swipe(at(0.4), at(0.45), at(0.6), at(0.8));
seen.swiped = await numbers(hand);
const edge = await hand.getByRole('slider', { name: 'To' }).boundingBox();
const grip = [edge.x + edge.width * 0.7, edge.y + edge.height - 20];
await swipe(grip, [grip[0] - 20, grip[1]], [grip[0] - touched.width * 0.1, grip[1]], [grip[0] - touched.width * 0.2, grip[1]]);
seen.regripped = await numbers(hand);

// What is picked becomes a cue, and is everybody's once it is saved.
await hand.getByRole('button', { name: 'Add as a cue' }).tap();
const cuesOf = (where) => where.getByRole('region', { name: 'Cues' });
await cuesOf(hand).getByLabel('Name').fill('water');
await cuesOf(hand).getByLabel('Note, for conductors').fill('by the fountain');
await cuesOf(hand).getByRole('button', { name: 'Move water up' }).tap();
await shoot(hand, 'phone-light-editing', true);
await cuesOf(hand).getByRole('button', { name: 'Save the cues' }).tap();
await cuesOf(page).getByRole('button', { name: 'GO water' }).waitFor();
seen.sheet = await cuesOf(page).locator('li strong').allInnerTexts();
seen.added = await cuesOf(page).getByRole('listitem').filter({ hasText: 'water' }).locator('p').innerText();

// Two at once: who was overtaken is told by whom, and nothing of the other's is lost.
await cuesOf(page).getByRole('button', { name: 'Edit the cues' }).click();
await cuesOf(page).getByRole('button', { name: 'Edit gate' }).click();
await cuesOf(page).getByLabel('Name').fill('the gate');
await cuesOf(hand).getByRole('button', { name: 'Edit the cues' }).tap();
await cuesOf(hand).getByRole('button', { name: 'Edit water' }).tap();
await cuesOf(hand).getByRole('button', { name: 'Delete water' }).tap();
await cuesOf(hand).getByRole('button', { name: 'Delete it' }).tap();
await cuesOf(hand).getByRole('button', { name: 'Save the cues' }).tap();
await cuesOf(page).getByText(/has changed the cues meanwhile/).waitFor();
seen.overtaken = await cuesOf(page).getByRole('alert').innerText();
await shoot(page, 'overtaken');
await cuesOf(page).getByRole('button', { name: /^Discard/ }).click();
seen.left = await cuesOf(page).locator('li strong').allInnerTexts();

await page.getByRole('button', { name: 'Edit what the phones show' }).click();
await page.getByLabel('Title').fill('The Park at Night');
await page.getByLabel('Languages, like en, pt-BR').fill('en, de');
await page.getByRole('button', { name: 'Save what the phones show' }).click();
await hand.getByRole('heading', { name: 'The Park at Night' }).waitFor();

// The sheet on its own, in an hour; and no longer.
const hour = new Date(Date.now() + 3_600_000).toTimeString().slice(0, 8);
await page.getByLabel('From cue').selectOption('bridge');
await page.getByLabel('At', { exact: true }).fill(hour);
await page.getByRole('button', { name: 'Arm', exact: true }).click();
await page.getByText(/The sheet begins with bridge in (59:|1:00:)/).waitFor();
await hand.getByText(/The sheet begins with bridge/).waitFor();
await shoot(page, 'desktop-light', true);
await shoot(hand, 'phone-light-whole', true);
await hand.getByRole('button', { name: 'Disarm' }).tap();
await page.getByRole('button', { name: 'Arm', exact: true }).waitFor();

// A page that is opened anew goes on where the walk has come to.
await page.reload();
await page.getByRole('contentinfo').getByRole('button', { name: /GO bridge/ }).waitFor();
await held.close();

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

seen.complaints = seen.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection|status of 401/.test(text));
console.log(JSON.stringify(seen));
await browser.close();
