// sendspin-js, as published, plays a station, and then a private group; prints what it knew and played as JSON.
//   node sendspin.mjs SERVER SOUNDS CODEC…
// What was rendered with each codec goes to SOUNDS/CODEC.f32 (32-bit floats, stereo), of the group to SOUNDS/group.f32.
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

const soundingFrames = () =>
  window.taps.reduce((sum, { pieces }) => sum + pieces.filter(([left]) => left.some((sample) => sample !== 0)).length * 128, 0);

/** A page in which a player called `name` has begun to play. */
async function begin(name, codec) {
  // The library is put into a page of the server; the page's own policy would not let it in.
  const context = await newContext(browser, seen.complaints, { bypassCSP: true });
  await context.addInitScript(tap);
  const page = await context.newPage();
  await page.goto(`${server}/healthz`);
  await page.addScriptTag({ content: library });
  await page.evaluate(([playerId, wanted]) => {
    const button = document.createElement('button');
    button.textContent = 'Play';
    document.body.replaceChildren(button);
    window.player = new Sendspin.SendspinPlayer({
      playerId, clientName: 'Chromium', baseUrl: location.origin, codecs: [wanted], syncDelay: 0, storage: null,
      onStateChange: (state) => (window.state = structuredClone(state)),
    });
    button.onclick = async () => {
      await window.player.unlock();
      await window.player.connect();
    };
  }, [name, codec]);
  await page.getByRole('button').click();
  return page;
}

const soundsFor = (page, frames) => page.waitForFunction(`(${soundingFrames})() > ${frames}`);
const soFar = (page) => page.evaluate(`(${soundingFrames})()`);

async function keep(page, name) {
  const heard = await page.evaluate(tapped, 0);
  writeFileSync(`${sounds}/${name}.f32`, Buffer.from(heard.sound, 'base64'));
  return heard;
}

async function end(page) {
  await page.evaluate(() => window.player.disconnect('shutdown'));
  await page.context().close();
}

for (const codec of codecs) {
  const page = await begin(`browser-${codec}`, codec);
  await soundsFor(page, 150_000); // about three seconds
  const heard = await keep(page, codec);
  await page.evaluate(() => window.player.sendCommand('volume', { volume: 30 }));
  await page.waitForFunction(() => window.player.volume === 30 && window.state.serverState?.controller?.volume === 30);
  seen.played[codec] = await page.evaluate((rate) => ({
    rate, format: player.currentFormat, isPlaying: player.isPlaying, isConnected: player.isConnected, progress: player.trackProgress,
    state: window.state, sync: player.syncInfo, time: player.timeSyncInfo, volume: player.volume,
  }), heard.rate);
  await end(page);
}

// A group of its own: switched to, played, paused, played on, and sought in by the server's API.
{
  const page = await begin('browser-group', 'pcm');
  const state = (wanted) => page.waitForFunction(
    ([kind, playback]) => window.state?.groupState?.group_id?.startsWith(kind) && window.state.groupState.playback_state === playback, wanted);
  const command = (name) => page.evaluate((wanted) => window.player.sendCommand(wanted), name);
  const position = () => page.evaluate(() => window.player.trackProgress.positionMs);
  await state(['/', 'playing']);
  await command('switch');
  await state(['private-', 'stopped']);
  seen.group = { commands: await page.evaluate(() => window.state.serverState.controller.supported_commands) };
  const before = await soFar(page);
  await command('play');
  await state(['private-', 'playing']);
  await soundsFor(page, before + 72_000);
  await command('pause');
  await state(['private-', 'stopped']);
  await page.waitForTimeout(300); // what was rendered already
  seen.group.pausedAt = await position();
  const quiet = await soFar(page);
  await page.waitForTimeout(500);
  seen.group.heardWhilePaused = (await soFar(page)) - quiet;
  await command('play');
  await state(['private-', 'playing']);
  await soundsFor(page, quiet + 72_000);
  const sought = await soFar(page);
  seen.group.answer = await page.evaluate(async () => {
    const id = window.state.groupState.group_id;
    const answer = await fetch(`/api/v1/groups/${id}`, { method: 'POST', body: JSON.stringify({ position: 12 }) });
    return answer.status;
  });
  await page.waitForFunction(() => window.player.trackProgress.positionMs > 12_000);
  await soundsFor(page, sought + 96_000);
  await keep(page, 'group');
  await end(page);
}
await browser.close();
console.log(JSON.stringify(seen));
