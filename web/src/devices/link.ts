// The connection to /player. The server is asked whether anybody is signed in when it lets the page in no longer.

import { Line, type LinePhase as Phase, type LineSocket } from '../api/line';

export type LinkPhase = Phase<'signed_out'>;

export interface LinkPorts {
  openSocket(): LineSocket;
  /** False: nobody is. Rejects when the server is away. */
  isSignedIn(): Promise<boolean>;
  onPhase(phase: LinkPhase): void;
  onText(text: string): void;
}

export class Link extends Line<'signed_out'> {
  constructor(ports: LinkPorts) {
    super({
      openSocket: ports.openSocket,
      onPhase: ports.onPhase,
      onText: ports.onText,
      refusal: async () => ((await ports.isSignedIn()) ? undefined : 'signed_out'),
    });
  }

  override send(text: string): boolean {
    return this.phase === 'open' && super.send(text);
  }
}
