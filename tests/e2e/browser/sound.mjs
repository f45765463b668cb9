// Runs inside the page: gets hold of its players, and notes what they play and which title stands above it.

/** Before the page's own scripts: every player that they make is in window.players. */
export function capture() {
  window.players = [];
  const Original = window.Audio;
  window.Audio = function Audio(...words) {
    const player = new Original(...words);
    window.players.push(player);
    return player;
  };
  window.Audio.prototype = Original.prototype;
}

export const recorded = {
  begin() {
    const player = window.players.find((candidate) => !candidate.paused);
    const context = new AudioContext({ sampleRate: 44_100 });
    const source = context.createMediaElementSource(player);
    const processor = context.createScriptProcessor(4096, 2, 1);
    const record = { player, from: player.currentTime, pieces: [], frames: 0, titles: [] };
    processor.onaudioprocess = ({ inputBuffer }) => {
      const [left, right] = [inputBuffer.getChannelData(0), inputBuffer.getChannelData(1)];
      record.pieces.push(left.map((sample, n) => sample + right[n]));
      const title = document.querySelector('h1').textContent;
      if (record.titles.at(-1)?.title !== title) record.titles.push({ title, frame: record.frames });
      record.frames += left.length;
    };
    source.connect(context.destination);
    source.connect(processor);
    processor.connect(context.destination);
    window.record = record;
    return context.resume();
  },

  end() {
    const { player, from, pieces, frames, titles } = window.record;
    const sound = new Float32Array(frames);
    let at = 0;
    for (const piece of pieces) {
      sound.set(piece, at);
      at += piece.length;
    }
    const bytes = new Uint8Array(sound.buffer);
    let text = '';
    for (let n = 0; n < bytes.length; n += 32_768) text += String.fromCharCode(...bytes.subarray(n, n + 32_768));
    return { advanced: player.currentTime - from, frames, titles, status: document.querySelector('[role=status]')?.textContent, sound: btoa(text) };
  },
};
