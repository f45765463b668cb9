#!/usr/bin/env node
// Makes a small library to try Tutti with: three stations of short pieces, composed and drawn by script/demo.
//   script/demo-library.mjs FOLDER
// Quick when FOLDER has everything already. An interrupted run leaves nothing behind.

import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { render } from './demo/compose.mjs';
import { drawCover } from './demo/covers.mjs';
import { encode, takesCover } from './demo/encode.mjs';
import { stations } from './demo/scores.mjs';

function isThere(path) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Work folders of runs that were killed before they could clean up. */
function removeAbandoned(folder) {
  const prefix = `.${basename(folder)}.making-`;
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

/** Composes a track and starts its encoding; gives its seconds once that is done. */
async function makeTrack(path, station, track) {
  const samples = render(track.score, track.rate);
  const tags = { title: track.title, album: station.album, date: station.year, track: station.tracks.indexOf(track) + 1, genre: 'Demo' };
  const cover = takesCover(path) ? drawCover(station.cover, track.score.seed) : undefined;
  await encode(path, { samples, rate: track.rate, tags, cover });
  return samples.length / 2 / track.rate;
}

/** Makes what is missing in `folder` below `work`. While ffmpeg encodes one track the next is composed. */
async function makeStation(folder, work, station) {
  const missing = station.tracks.filter((track) => !isThere(join(folder, station.folder, track.file)));
  if (missing.length) mkdirSync(join(work, station.folder));
  const making = [];
  for (const track of missing) {
    const made = makeTrack(join(work, station.folder, track.file), station, track);
    made.catch(() => {}); // told by Promise.all below
    making.push(made);
    await setImmediate(); // composing hogs the thread: signals and ffmpeg's end get their turn
  }
  const seconds = Math.round((await Promise.all(making)).reduce((sum, each) => sum + each, 0));
  console.log(`demo library: ${station.folder}: ${missing.length ? `${making.length} made, ${seconds} s of music` : 'is there'}`);
}

function moveIntoPlace(work, folder) {
  if (!statSync(folder, { throwIfNoEntry: false })) return renameSync(work, folder);
  for (const station of readdirSync(work)) {
    mkdirSync(join(folder, station), { recursive: true });
    for (const file of readdirSync(join(work, station))) renameSync(join(work, station, file), join(folder, station, file));
  }
}

async function main() {
  const [argument, ...others] = process.argv.slice(2);
  if (!argument || argument.startsWith('-') || others.length) {
    console.error('usage: script/demo-library.mjs FOLDER');
    process.exit(2);
  }
  const folder = resolve(argument);
  if (stations.every((station) => station.tracks.every((track) => isThere(join(folder, station.folder, track.file))))) {
    return console.log(`demo library: ${folder} is complete`);
  }
  mkdirSync(dirname(folder), { recursive: true });
  removeAbandoned(folder);
  const work = join(dirname(folder), `.${basename(folder)}.making-${process.pid}`);
  mkdirSync(work);
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  for (const station of stations) await makeStation(folder, work, station);
  moveIntoPlace(work, folder);
}

main().catch((error) => {
  console.error(`demo library: ${error.message}`);
  process.exit(1);
});
