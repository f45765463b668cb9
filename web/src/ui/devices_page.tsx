// The player that all devices of one user share: what plays, where it is, and everything one can do about it.

import { titleOf } from '../clock/format';
import { useTutti } from './context';
import { Cover } from './cover';
import { Next, Previous, Speaker } from './icons';
import { PageLink } from './page_link';
import { SeekBar } from './seek_bar';
import { TrackList } from './track_list';
import { PlayButton, SmallButton } from './transport';
import { pages } from './views';
import { Volume } from './volume';
import { linkText } from './words';

export function DevicesPage() {
  const { account, devices, library } = useTutti();
  const phase = devices.phase.value;
  if (account.user.value === null || phase === 'signed_out') return <SignedOut />;
  const state = devices.state.value;
  const track = state && library.track(state.trackId);
  const title = state ? (track ? titleOf(track) : `Track ${state.trackId}`) : devices.known.value ? 'Nothing plays yet' : 'Your devices';
  return (
    <>
      <section class="stage" aria-label="Your player">
        <div class="stage-now">
          <Cover entry={track ?? undefined} name={title} eager />
          <div class="stage-words">
            <p class="station-line">
              <span class="station-name">Your devices</span>
              <span class={`link-state ${phase}`} role="status">{linkText(phase)}</span>
            </p>
            <p class={`phase ${state && !state.onPause ? 'playing' : ''}`} role="status">{saying(state?.onPause)}</p>
            <h1 dir="auto">{title}</h1>
            <p class="byline" dir="auto">
              {state ? [track?.artist, track?.album].filter(Boolean).join(' — ') || '\u00a0' : 'Choose a track: it is the same on every device where you are signed in.'}
            </p>
            <Position title={title} />
            <Controls title={title} />
            <HereToggle />
            <p class="problem" role="alert">{devices.problem.value}</p>
          </div>
        </div>
      </section>
      <TrackList
        current={state?.trackId}
        disabled={phase !== 'open'}
        onChoose={(chosen) => devices.choose(chosen.id, chosen.duration / 1000)}
      />
    </>
  );
}

function saying(onPause: boolean | undefined): string {
  if (onPause === undefined) return '\u00a0';
  return onPause ? 'Paused on all your devices' : 'Playing on your devices';
}

function Position({ title }: { title: string }) {
  const { devices } = useTutti();
  const state = devices.state.value;
  return (
    <SeekBar
      label={`Position in ${title}`}
      position={devices.position.value / 1000}
      duration={state?.length === undefined ? undefined : state.length / 1000}
      disabled={!state || devices.phase.value !== 'open'}
      onSeek={(seconds) => devices.seek(seconds * 1000)}
    />
  );
}

function Controls({ title }: { title: string }) {
  const { devices, library } = useTutti();
  const state = devices.state.value;
  const off = devices.phase.value !== 'open';
  const [before, after] = [-1, 1].map((steps) => state && library.beside(state.trackId, steps));
  return (
    <div class="controls">
      <SmallButton label="Previous track" disabled={off || !before} onClick={() => before && devices.choose(before.id, before.duration / 1000)}>
        <Previous />
      </SmallButton>
      <PlayButton
        what={state ? title : ''}
        playing={state !== undefined && !state.onPause}
        disabled={off || !state}
        words={['Play', 'Pause']}
        onPlay={() => devices.play()}
        onPause={() => devices.pause()}
      />
      <SmallButton label="Next track" disabled={off || !after} onClick={() => after && devices.choose(after.id, after.duration / 1000)}>
        <Next />
      </SmallButton>
    </div>
  );
}

function HereToggle() {
  const { here } = useTutti();
  const on = here.on.value;
  const { phase, problem } = here.sounding.value;
  return (
    <div class="here">
      <button type="button" class={`quiet-button ${on ? 'on' : ''}`} aria-pressed={on} onClick={() => here.toggle()}>
        <Speaker />
        Sound on this device
      </button>
      {on && <Volume />}
      {on && phase === 'blocked' && <button type="button" class="link" onClick={() => here.unblock()}>Your browser wants one more tap.</button>}
      {on && problem && <span role="alert">{problem}</span>}
    </div>
  );
}

function SignedOut() {
  return (
    <section class="waiting">
      <h1>Your devices</h1>
      <p>What you play goes with you from one device to the next, at the same position. For that the server has to know who you are.</p>
      <p><PageLink href={pages.login} class="listen wide">Sign in</PageLink></p>
    </section>
  );
}
