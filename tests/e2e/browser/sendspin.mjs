// sendspin-js, as published, plays a station; prints what it knew and played as JSON.
//   node sendspin.mjs SERVER SOUNDS CODEC…
// What was rendered with each codec goes to SOUNDS/CODEC.f32 (32-bit floats, stereo).
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch, newContext } from './chromium.mjs';
import { tap, tapped } from './tap.mjs';

const require = createRequire(new URL('../../../web/package.json', import.meta.url));
const { buildSync } = require('esbuild');
const [server, sounds, ...codecs] = process.argv.slice(2);
const web = new URL('../../../web/', import.meta.url).pathname;
const library = buildSync({
  stdin: { contents: 'export * from "@sendspin/sendspin-js";', resolveDir: web },
  bundle: true, write: false, format: 'iife', globalName: 'Sendspin',
}).outputFiles[0].text;

const seen = { complaints: [], played: {} };
const browser = await launch();
for (const codec of codecs) {
  // The library is put into a page of the server; the page's own policy would not let it in.
  const context = await newContext(browser, seen.complaints, { bypassCSP: true });
  await context.addInitScript(tap);
  const page = await context.newPage();
  await page.goto(`${server}/healthz`);
  await page.addScriptTag({ content: library });
  await page.evaluate((name) => {
    const button = document.createElement('button');
    button.textContent = 'Play';
    document.body.replaceChildren(button);
    window.player = new Sendspin.SendspinPlayer({
      playerId: `browser-${name}`, clientName: 'Chromium', baseUrl: location.origin, codecs: [name], syncDelay: 0, storage: null,
      onStateChange: (state) => (window.state = structuredClone(state)),
    });
    button.onclick = async () => {
      await window.player.unlock();
      await window.player.connect();
    };
  }, codec);
  await page.getByRole('button').click();
  const frames = () => window.taps.reduce((sum, { pieces }) => sum + pieces.filter(([left]) => left.some((sample) => sample !== 0)).length * 128, 0);
  await page.waitForFunction(`(${frames})() > 150_000`); // about three seconds
  const heard = await page.evaluate(tapped, 0);
  writeFileSync(`${sounds}/${codec}.f32`, Buffer.from(heard.sound, 'base64'));
  await page.evaluate(() => window.player.sendCommand('volume', { volume: 30 }));
  await page.waitForFunction(() => window.player.volume === 30 && window.state.serverState?.controller?.volume === 30);
  seen.played[codec] = await page.evaluate((rate) => ({
    rate, format: player.currentFormat, isPlaying: player.isPlaying, isConnected: player.isConnected, progress: player.trackProgress,
    state: window.state, sync: player.syncInfo, time: player.timeSyncInfo, volume: player.volume,
  }), heard.rate);
  await page.evaluate(() => window.player.disconnect('shutdown'));
  await context.close();
}
await browser.close();
console.log(JSON.stringify(seen));
