// One track in this browser over WebSocket: its samples, or the file itself.

import { useTutti } from './context';
import { clockText, titleOf } from '../clock/format';
import { Cover } from './cover';
import { DoorChoice } from './door_choice';
import { Plug } from './icons';
import { PageLink } from './page_link';
import { SeekBar } from './seek_bar';
import { TrackList } from './track_list';
import { PlayButton, SmallButton } from './transport';
import { pages } from './views';
import { Volume } from './volume';
import { trackPhaseText } from './words';

export function TracksPage() {
  const { listening, library } = useTutti();
  const state = listening.state.value;
  const wanted = listening.playing.value?.track ?? '';
  const id = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
  const track = id === undefined ? undefined : library.track(id);
  const title = track ? titleOf(track) : wanted ? titleOf({ title: '', file: wanted }) : 'What the server chooses';
  const on = state.phase !== 'off';
  const choose = (chosen: string) => {
    listening.choose(chosen);
    scrollTo({ top: 0 });
  };
  return (
    <>
      <section class="stage" aria-label="Player">
        <div class="stage-now">
          <Cover entry={track ?? undefined} name={title} eager />
          <div class="stage-words">
            <p class="station-line">
              <span class="station-name">Over WebSocket</span>
              {state.format && <span class="quiet">{state.format}</span>}
            </p>
            <p class={`phase ${state.phase}`} role="status">{trackPhaseText(state.phase)}</p>
            <h1 dir="auto">{on ? title : 'Pick a track'}</h1>
            <p class="byline" dir="auto">
              {on ? [track?.artist, track?.album].filter(Boolean).join(' — ') || '\u00a0' : 'Choose one below, and it plays here, from its first sample.'}
            </p>
            <Position length={track ? track.duration / 1e6 : undefined} />
            <Controls title={on ? title : ''} />
            <p class="problem" role="alert">{state.problem}</p>
          </div>
        </div>
      </section>
      <DoorChoice />
      <TrackList current={on ? id : undefined} onChoose={(chosen) => choose(String(chosen.id))} />
    </>
  );
}

function Position({ length }: { length: number | undefined }) {
  const { listening } = useTutti();
  const { phase, position, until, duration, complete, format } = listening.state.value;
  const known = format !== '' && phase !== 'failed';
  const arrived = complete || !known || until === 0 ? '' : `${clockText(until * 1e6)} has arrived`;
  return (
    <>
      <SeekBar label="Position" position={position} duration={known ? (duration ?? length) : undefined} until={until} disabled={!known} onSeek={(to) => listening.seek(to)} />
      <p class="arrived">{arrived || '\u00a0'}</p>
    </>
  );
}

function Controls({ title }: { title: string }) {
  const { account, listening } = useTutti();
  const { phase, format } = listening.state.value;
  if (account.mustSignIn()) {
    return <p class="controls"><PageLink href={pages.login} class="listen wide">Sign in to listen</PageLink></p>;
  }
  const connected = phase !== 'off' && phase !== 'failed';
  const sounding = phase === 'playing' || phase === 'buffering' || phase === 'connecting';
  return (
    <div class="controls">
      <PlayButton
        what={title}
        playing={connected && sounding}
        busy={phase === 'connecting' || phase === 'buffering'}
        disabled={phase === 'connecting' && format === ''}
        words={[phase === 'off' ? 'Connect' : phase === 'failed' ? 'Try again' : 'Play', 'Pause']}
        onPlay={() => (connected ? listening.play() : listening.connect())}
        onPause={() => listening.pause()}
      />
      {connected && (
        <SmallButton label="Disconnect" onClick={() => listening.disconnect()}>
          <Plug />
        </SmallButton>
      )}
      <Volume />
    </div>
  );
}
