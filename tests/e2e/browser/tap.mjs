// Runs inside the page, before its scripts: whatever a page's AudioContext plays is recorded too, sample by sample, by a
// worklet in its own graph. Nothing is lost on a busy machine: what the worklet is given is what was rendered.

export function tap() {
  const recorder = `registerProcessor('recorder', class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = () => this.port.postMessage('all');
    }
    process([input]) {
      if (input.length) this.port.postMessage({ frame: currentFrame, channels: input.map((channel) => channel.slice()) });
      return true;
    }
  });`;
  const connect = AudioNode.prototype.connect;
  window.taps = [];
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) {
      const record = { rate: this.context.sampleRate, pieces: [], frames: [], context: this.context };
      window.taps.push(record);
      const source = this;
      const suspended = this.context.suspend(); // until the recorder stands
      record.ready = (async () => {
        await suspended;
        await this.context.audioWorklet.addModule(URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })));
        const node = new AudioWorkletNode(this.context, 'recorder', { numberOfOutputs: 0, channelCount: 2, channelCountMode: 'explicit' });
        node.port.onmessage = ({ data }) => {
          if (data === 'all') return record.onAll();
          record.pieces.push(data.channels);
          record.frames.push(data.frame);
        };
        record.port = node.port;
        connect.call(source, node);
        await this.context.resume();
      })();
    }
    return connect.call(this, target, ...rest);
  };
}

/** What the n-th output from the end has rendered so far: { rate, frames, sound }, two channels interleaved, in base64. */
export async function tapped(fromEnd) {
  const record = window.taps.at(-1 - fromEnd);
  // The last pieces may still be on their way from the thread that renders: its answer comes behind them.
  await new Promise((resolve) => {
    record.onAll = resolve;
    record.port.postMessage('all?');
  });
  const { rate, pieces } = record;
  const frames = pieces.reduce((sum, piece) => sum + piece[0].length, 0);
  const sound = new Float32Array(frames * 2);
  let at = 0;
  for (const [left, right] of pieces) {
    for (let n = 0; n < left.length; n += 1) {
      sound[at] = left[n];
      sound[at + 1] = (right ?? left)[n];
      at += 2;
    }
  }
  const bytes = new Uint8Array(sound.buffer);
  let text = '';
  for (let n = 0; n < bytes.length; n += 32_768) text += String.fromCharCode(...bytes.subarray(n, n + 32_768));
  return { rate, frames, sound: btoa(text) };
}

/** All of the last output's first channel, as 16 bit: { rate, first, sound }; `first` is the context's frame at which it begins. */
export async function tappedMono() {
  const record = window.taps.at(-1);
  await new Promise((resolve) => {
    record.onAll = resolve;
    record.port.postMessage('all?');
  });
  const { rate, pieces, frames } = record;
  const first = frames[0] ?? 0;
  const sound = new Int16Array((frames.at(-1) ?? first) - first + 128);
  pieces.forEach(([samples], n) => samples.forEach((sample, at) => (sound[frames[n] - first + at] = Math.max(-1, Math.min(1, sample)) * 32_767)));
  const bytes = new Uint8Array(sound.buffer);
  let text = '';
  for (let n = 0; n < bytes.length; n += 32_768) text += String.fromCharCode(...bytes.subarray(n, n + 32_768));
  return { rate, first, sound: btoa(text) };
}

/** For `ms`: when frame 0 of the last output was or would have been heard, in ms of the calendar, as the browser says; the median. */
export async function moments(ms) {
  const { context } = window.taps.at(-1);
  const origins = [];
  for (const end = performance.now() + ms; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    if (contextTime > 0) origins.push(performance.timeOrigin + performanceTime - contextTime * 1000);
  }
  return origins.sort((a, b) => a - b)[origins.length >> 1];
}
