// A phone at a walk to which only those are let in who are known: it is told what to do, and takes part once somebody has
// signed in; another one comes by the walk's link.
//   node walk_closed.mjs SERVER NAME PASSWORD TOKEN SCREENSHOTS
// NAME and TOKEN are a listener's.
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';

const [server, name, password, token, screenshots] = process.argv.slice(2);
const browser = await launch();
const seen = {};

// The browser complains of the 401, on purpose here.
const stranger = await (await newContext(browser, [], looks['phone-light'])).newPage();
await stranger.goto(`${server}/walk`);
await stranger.getByText('This walk is for invited people').waitFor();
await stranger.screenshot({ path: `${screenshots}/walk-signed-out.png` });
seen.faults = (await stranger.evaluate(inspect, { listens: false })).faults;
await stranger.getByRole('link', { name: 'sign in' }).tap();
await stranger.getByLabel('Name').fill(name);
await stranger.getByLabel('Password').fill(password);
await stranger.keyboard.press('Enter');
await stranger.getByRole('heading', { name: 'Signed in' }).waitFor();
await stranger.goBack();
await stranger.getByText('Everything is here').waitFor();
await stranger.getByRole('button', { name: 'Begin' }).tap();
await stranger.getByText('Ready', { exact: true }).waitFor();

const complaints = [];
const guest = await (await newContext(browser, complaints, looks['phone-dark'])).newPage();
await guest.goto(`${server}/walk#token=${token}`);
await guest.getByText('Everything is here').waitFor();
seen.address = guest.url();
await guest.reload();
await guest.getByText('Everything is here').waitFor();
await guest.getByRole('button', { name: 'Begin' }).tap();
await guest.getByText('Ready', { exact: true }).waitFor();

console.log(JSON.stringify({ ...seen, complaints }));
await browser.close();
