// The first operator of a server comes in by the link that it printed, steers a station, leaves and signs in again.
//   node signin.mjs SERVER LINK SCREENSHOTS
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';

const [server, link, screenshots] = process.argv.slice(2);
const seen = { complaints: [], pages: {} };
const browser = await launch();
const [name, password] = ['Ada', 'correct horse'];

for (const [look, options] of Object.entries(looks)) {
  const context = await newContext(browser, seen.complaints, options);
  const page = await context.newPage();
  await page.goto(`${server}/login`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.screenshot({ path: `${screenshots}/login-${look}.png` });
  seen.pages[look] = await page.evaluate(inspect, { listens: false });
  await context.close();
}

const context = await newContext(browser, seen.complaints, looks['desktop-light']);
const page = await context.newPage();
const who = page.getByRole('navigation').getByRole('link', { name: `Signed in as ${name}` });
await page.goto(link);
await page.getByRole('heading', { name: 'Welcome' }).waitFor();
seen.addressAfter = page.url();
await page.getByLabel('Name').fill(name);
await page.getByLabel('Password').fill(password);
await page.keyboard.press('Enter');
await page.getByRole('heading', { name: 'Signed in' }).waitFor();
await who.waitFor();

await page.getByRole('navigation').getByRole('link', { name: 'Stations' }).click();
const title = () => page.locator('h1').textContent();
await page.getByRole('button', { name: 'Next track' }).waitFor();
seen.before = await title();
await page.getByRole('button', { name: 'Next track' }).click();
await page.getByText('On to the next track.').waitFor();
await page.waitForFunction((old) => document.querySelector('h1').textContent !== old, seen.before);
seen.after = await title();
await page.screenshot({ path: `${screenshots}/operator.png` });

await who.click();
await page.getByRole('button', { name: 'Sign out' }).click();
await page.getByRole('heading', { name: 'Sign in' }).waitFor();
seen.operatesAfter = await page.getByRole('button', { name: 'Next track' }).count();

// From here on wrong ones on purpose: the browser complains of the answers, the page explains them.
const later = await newContext(browser, [], looks['phone-light']);
const phone = await later.newPage();
await phone.goto(link);
await phone.getByLabel('Password').fill(password);
await phone.keyboard.press('Enter');
seen.usedLink = await phone.getByRole('alert').filter({ hasText: /./ }).textContent();
await phone.goto(`${server}/login`);
await phone.reload();
await phone.getByLabel('Name').fill(name);
for (let attempts = 0; attempts < 30 && !seen.slowed; attempts += 1) {
  await phone.getByLabel('Password').fill(`wrong ${attempts}`);
  await phone.keyboard.press('Enter');
  await phone.getByRole('button', { name: 'Sign in' }).and(phone.locator(':enabled')).waitFor();
  const text = await phone.getByRole('alert').filter({ hasText: /./ }).textContent();
  if (/Too many/.test(text)) seen.slowed = text;
  else seen.wrong = text;
}
await phone.screenshot({ path: `${screenshots}/login-slowed.png` });
await browser.close();
console.log(JSON.stringify(seen));
