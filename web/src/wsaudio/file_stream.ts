// One play of /audio: the bytes of a file until the server closes. An MP3 is played while it arrives, anything else when
// it is complete.

import { ByteStore } from './bytes';
import { MpegIndex } from './mpeg_index';
import { MpegSource } from './mpeg_source';
import { channelText, closedText, drop, messageOf, rateText, type OpenStream } from './stream';
import { WholeSource } from './whole_source';

const done = 1000;

export const openFile: OpenStream = (socket, openOutput, events) => {
  const bytes = new ByteStore();
  const index = new MpegIndex(bytes);
  let source: MpegSource | WholeSource | undefined;
  let opened = false;

  const fail = (reason: string) => {
    drop(socket);
    if (source instanceof MpegSource) source.finish(); // what has arrived can be played
    events.onFailed(reason);
  };

  const begin = (made: MpegSource | WholeSource, ...rest: [output: ReturnType<typeof openOutput>, format: string]) => {
    source = made;
    made.onFailure = fail;
    events.onSource(made, ...rest);
  };

  /** Before it is known what the file is. */
  const look = (complete: boolean) => {
    index.advance();
    const header = index.first;
    if (header) {
      const output = openOutput(header.rate);
      const format = ['MP3', rateText(header.rate), channelText(header.channels)].join(' · ');
      begin(new MpegSource(bytes, index, header, (part) => output.decode(part)), output, format);
    } else if (index.failed || complete) {
      const output = openOutput(undefined);
      begin(new WholeSource(output.rate, bytes, (whole) => output.decode(whole)), output, 'played once all has arrived');
    }
  };

  const guarded = (step: () => void) => {
    try {
      step();
    } catch (error) {
      fail(messageOf(error));
    }
  };

  socket.binaryType = 'arraybuffer';
  socket.onopen = () => (opened = true);
  socket.onmessage = ({ data }) =>
    guarded(() => {
      if (!(data instanceof ArrayBuffer)) return;
      if (source) return source.append(new Uint8Array(data));
      bytes.append(new Uint8Array(data));
      look(false);
    });
  socket.onclose = ({ code, reason }) =>
    guarded(() => {
      if (code !== done) return fail(closedText(code, reason, opened));
      if (bytes.end === 0) return fail('The server has nothing to send: there is no such file.');
      if (!source) look(true);
      source?.finish();
      events.onComplete();
    });
  return { close: () => drop(socket) };
};
