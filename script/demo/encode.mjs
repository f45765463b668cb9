// One track to one file, by the ffmpeg command.

import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';

const artist = 'Tutti Demo Ensemble';

const codecs = {
  '.mp3': { codec: ['libmp3lame', '-b:a', '160k', '-id3v2_version', '3'], cover: true },
  '.flac': { codec: ['flac', '-sample_fmt', 's16'], cover: true },
  '.m4a': { codec: ['aac', '-b:a', '160k', '-movflags', '+faststart'], cover: true },
  '.ogg': { codec: ['libvorbis', '-q:a', '5'], cover: false },
  '.opus': { codec: ['libopus', '-b:a', '112k'], cover: false },
  '.wav': { codec: ['pcm_s16le'], cover: false },
};

export function takesCover(file) {
  return codecs[extname(file)].cover;
}

/**
 * `samples`: interleaved stereo floats; `cover`: PNG bytes or undefined. ffmpeg reads both from files beside `path`:
 * so it works on while this process composes, which a pipe would not let it.
 */
export async function encode(path, { samples, rate, tags, cover }) {
  const { codec } = codecs[extname(path)];
  const [sound, picture] = [`${path}.f32`, `${path}.png`];
  writeFileSync(sound, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  if (cover) writeFileSync(picture, cover);
  const input = ['-f', 'f32le', '-ar', String(rate), '-ac', '2', '-i', sound];
  const pictureInput = cover ? ['-i', picture] : [];
  const pictureOutput = cover
    ? ['-map', '1:v', '-c:v', 'copy', '-disposition:v', 'attached_pic', '-metadata:s:v', 'title=Album cover', '-metadata:s:v', 'comment=Cover (front)']
    : [];
  const named = Object.entries({ artist, ...tags }).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
  const output = ['-map', '0:a', '-ar', String(rate), '-c:a', ...codec, ...pictureOutput, ...named, '-fflags', '+bitexact', '-flags:a', '+bitexact'];
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...input, ...pictureInput, ...output, path]);
  for (const file of [sound, picture]) rmSync(file, { force: true });
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    child.on('error', (error) => reject(error.code === 'ENOENT' ? new Error('ffmpeg is not installed; script/setup test installs it') : error));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg failed (${code}): ${said.trim()}`))));
  });
}
