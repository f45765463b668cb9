// One user with two devices on the page "Your devices"; the server is restarted in between.
//   node devices.mjs SERVER NAME PASSWORD SCREENSHOTS
// Signs in by the page, plays on one, follows on the other. Prints a line of JSON at each step, and waits for a line on
// its input after each: first before the restart, second after it.
import { createInterface } from 'node:readline';
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';

const [server, name, password, screenshots] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const browser = await launch();
const complaints = [];

async function step(seen) {
  console.log(JSON.stringify(seen));
  await lines.next();
}

async function device(options) {
  const context = await newContext(browser, complaints, options);
  const page = await context.newPage();
  await page.goto(`${server}/web/devices`);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill('not this one');
  await page.keyboard.press('Enter');
  const refusal = await page.getByRole('alert').filter({ hasText: 'not right' }).textContent();
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Your devices' }).click();
  await page.getByText('In step with your other devices').waitFor();
  return { page, refusal };
}

const seconds = (page) => page.getByRole('slider', { name: /^Position/ }).evaluate((slider) => Number(slider.value));
const title = (page) => page.locator('h1').textContent();
const both = async (look) => [await look(laptop), await look(phone)];

const { page: laptop, refusal } = await device(looks['desktop-light']);
const { page: phone } = await device(looks['phone-dark']);
const tracks = await laptop.locator('.track .line-title').allTextContents();
await laptop.locator('.track').nth(1).click();
await phone.getByText('Playing on your devices').waitFor();
await laptop.waitForTimeout(2500);
const running = { titles: await both(title), seconds: await both(seconds) };
await laptop.screenshot({ path: `${screenshots}/devices-laptop.png` });
await phone.screenshot({ path: `${screenshots}/devices-phone.png` });
const faults = (await both((page) => page.evaluate(inspect, { listens: false }))).flatMap((one) => one.faults);

await phone.getByRole('button', { name: /^Pause/ }).click();
await laptop.getByText('Paused on all your devices').waitFor();
await laptop.waitForTimeout(600);
const paused = await both(seconds);
await laptop.getByRole('slider', { name: /^Position/ }).focus();
await laptop.keyboard.press('PageUp');
await phone.waitForFunction((from) => Number(document.querySelector('.seek input').value) > from + 4, paused[1]);
const sought = await both(seconds);
const quiet = complaints.filter((text) => !/401/.test(text));
await step({ tracks, refusal, running, paused, sought, faults, complaints: quiet });

// The server is away, then back.
await both((page) => page.getByText('Reconnecting…').first().waitFor());
await step({ lost: true });
await both((page) => page.getByText('In step with your other devices').waitFor({ timeout: 60_000 }));
const kept = { titles: await both(title), seconds: await both(seconds) };
await laptop.getByRole('button', { name: /^Play/ }).click();
await phone.getByText('Playing on your devices').waitFor();
await phone.locator('.track').nth(0).click();
await laptop.waitForFunction((wanted) => document.querySelector('h1').textContent === wanted, tracks[0]);
const after = { titles: await both(title) };
await step({ kept, after });
await browser.close();
input.close(); // it would be waited for
process.stdin.destroy();
