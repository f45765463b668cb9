// One play of /pcm: a request, a header, samples, the end.

import { parsePcmMessage, type PcmHeader } from './pcm_header';
import { PcmSource } from './pcm_source';
import { channelText, closedText, drop, messageOf, rateText, type OpenStream } from './stream';

const request = 'PLAY';
const names = { s16: '16 bit', s24: '24 bit', s32: '32 bit', f32: '32 bit float' };

function formatText(header: PcmHeader): string {
  return [rateText(header.rate), names[header.encoding], channelText(header.channels)].join(' · ');
}

export const openPcm: OpenStream = (socket, openOutput, events) => {
  let source: PcmSource | undefined;
  let opened = false;

  const end = (failure?: string) => {
    drop(socket);
    source?.finish();
    if (failure === undefined) events.onComplete();
    else events.onFailed(failure);
  };

  const onText = (text: string) => {
    const message = parsePcmMessage(text);
    if (message.type === 'error') end(message.message);
    else if (message.type === 'end') end(source ? undefined : 'The server ended the stream before it began.');
    else if (message.type === 'header' && !source) {
      const output = openOutput(message.header.rate);
      source = new PcmSource(message.header);
      events.onSource(source, output, formatText(message.header));
    }
  };

  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    opened = true;
    socket.send(request);
  };
  socket.onmessage = ({ data }) => {
    try {
      if (typeof data === 'string') onText(data);
      else if (data instanceof ArrayBuffer && source) source.append(new Uint8Array(data));
      else throw new Error('The server sent samples without saying first how to read them.');
    } catch (error) {
      end(messageOf(error));
    }
  };
  socket.onclose = ({ code, reason }) => end(closedText(code, reason, opened));
  return { close: () => drop(socket) };
};
