// Plays one track through both doors on the page "Tracks", as a person would, and prints what it saw as JSON.
//   node tracks.mjs SERVER TITLE_PCM TITLE_AUDIO SCREENSHOTS SOUNDS
// The titles are those of tracks of the library, one for each door. Screenshots go to the folder SCREENSHOTS; what was rendered to SOUNDS/pcm.f32 and
// SOUNDS/audio.f32 (32-bit floats, stereo).
import { writeFileSync } from 'node:fs';
import { launch, looks, newContext } from './chromium.mjs';
import { inspect } from './inspect.mjs';
import { tap, tapped } from './tap.mjs';

const [server, titlePcm, titleAudio, screenshots, sounds] = process.argv.slice(2);
const seen = { complaints: [], pages: {}, heard: {} };
const browser = await launch();

for (const [name, options] of Object.entries(looks)) {
  const context = await newContext(browser, seen.complaints, options);
  const page = await context.newPage();
  await page.goto(`${server}/web/listen`);
  await page.locator('.track').first().waitFor();
  await page.screenshot({ path: `${screenshots}/tracks-${name}.png` });
  seen.pages[name] = await page.evaluate(inspect, { listens: false });
  if (name === 'desktop-light') seen.tree = await page.locator('body').ariaSnapshot();
  await context.close();
}

/** The page's own policy is kept but for what the recorder needs. */
async function play(door, label, title) {
  const context = await newContext(browser, seen.complaints, { bypassCSP: true });
  await context.addInitScript(() => {
    // The blank document before the page has no storage.
    if (location.protocol.startsWith('http')) localStorage.setItem('tutti.volume', '100');
  });
  await context.addInitScript(tap);
  const page = await context.newPage();
  const state = () => page.getByRole('status').first().textContent();
  await page.goto(`${server}/web/listen`);
  await page.getByRole('radio', { name: label }).check();
  await page.getByRole('searchbox', { name: 'Find a track' }).fill(title);
  const track = page.getByRole('button', { name: title });
  await track.focus();
  await page.keyboard.press('Enter');
  await page.getByText('You are hearing').waitFor();
  const heading = await page.locator('h1').textContent();
  await page.screenshot({ path: `${screenshots}/tracks-${door}.png` });
  await page.getByText('Played to its end').waitFor({ timeout: 60_000 });
  const { sound, ...rest } = await page.evaluate(tapped, 0);
  writeFileSync(`${sounds}/${door}.f32`, Buffer.from(sound, 'base64'));

  await page.getByRole('button', { name: /^Play/ }).first().click();
  await page.getByText('You are hearing').waitFor();
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByRole('slider', { name: 'Position' }).focus();
  const paused = await state();
  await page.keyboard.press('ArrowRight');
  const sought = await page.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  seen.heard[door] = { ...rest, heading, paused, sought, off: await state() };
  await context.close();
}

await play('pcm', /^Samples/, titlePcm);
await play('audio', /^File/, titleAudio);

const context = await newContext(browser, []);
const page = await context.newPage();
await page.goto(`${server}/web/listen`);
await page.getByRole('textbox', { name: 'Track number or path' }).fill('no/such/file.wav');
await page.keyboard.press('Enter');
await page.getByText('It could not be played').waitFor();
seen.refused = await page.locator('.stage [role=alert]').textContent();
await browser.close();
console.log(JSON.stringify(seen));
