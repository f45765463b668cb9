// Runs inside the page, before its scripts: whatever a page's AudioContext plays is recorded too, sample by sample, by a
// worklet in its own graph. Nothing is lost on a busy machine: what the worklet is given is what was rendered.

export function tap() {
  const recorder = `registerProcessor('recorder', class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = () => this.port.postMessage('all');
    }
    process([input]) {
      if (input.length) this.port.postMessage(input.map((channel) => channel.slice()));
      return true;
    }
  });`;
  const connect = AudioNode.prototype.connect;
  window.taps = [];
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) {
      const record = { rate: this.context.sampleRate, pieces: [], context: this.context };
      window.taps.push(record);
      const source = this;
      const suspended = this.context.suspend(); // until the recorder stands
      record.ready = (async () => {
        await suspended;
        await this.context.audioWorklet.addModule(URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })));
        const node = new AudioWorkletNode(this.context, 'recorder', { numberOfOutputs: 0, channelCount: 2, channelCountMode: 'explicit' });
        node.port.onmessage = ({ data }) => (data === 'all' ? record.onAll() : record.pieces.push(data));
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
