const icon = { viewBox: '0 0 24 24', fill: 'currentColor', 'aria-hidden': true, class: 'icon' } as const;

export function Play() {
  return <svg {...icon}><path d="M8.2 4.6a1 1 0 0 1 1.5-.87l10.6 6.4a2.2 2.2 0 0 1 0 3.74L9.7 20.27a1 1 0 0 1-1.5-.87z" /></svg>;
}

export function Stop() {
  return <svg {...icon}><rect x="5.5" y="5.5" width="13" height="13" rx="2.6" /></svg>;
}

export function Cross() {
  return <svg {...icon} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M6 6l12 12M18 6L6 18" /></svg>;
}

export function Ear() {
  return (
    <svg {...icon} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round">
      <path d="M4 14v-2a8 8 0 0 1 16 0v2" />
      <path d="M4 14.5h3v5H5.5A1.5 1.5 0 0 1 4 18zM20 14.5h-3v5h1.500A1.5 1.5 0 0 0 20 18z" />
    </svg>
  );
}

export function Speaker() {
  return (
    <svg {...icon} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
      <path d="M4 9.500v5h3.500l4.5 4v-13l-4.5 4z" fill="currentColor" />
      <path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.500a7.8 7.8 0 0 1 0 11" />
    </svg>
  );
}

/** The sign of Tutti: waves that leave one point together. */
export function Mark() {
  return (
    <svg viewBox="0 0 64 64" class="mark" aria-hidden="true" fill="none" stroke-width="6" stroke-linecap="round">
      <path class="mark-a" d="M32 8a24 24 0 0 1 0 48M32 20a12 12 0 0 1 0 24" />
      <path class="mark-b" d="M32 8a24 24 0 0 0 0 48M32 20a12 12 0 0 0 0 24" />
      <circle cx="32" cy="32" r="4.5" class="mark-dot" />
    </svg>
  );
}

export function Pause() {
  return <svg {...icon}><rect x="6" y="5" width="4.2" height="14" rx="1.4" /><rect x="13.8" y="5" width="4.2" height="14" rx="1.4" /></svg>;
}

export function Next() {
  return <svg {...icon}><path d="M6 6.2a1 1 0 0 1 1.5-.87l8 4.930a2 2 0 0 1 0 3.480l-8 4.930A1 1 0 0 1 6 17.800z" /><rect x="17" y="5.2" width="2.4" height="13.6" rx="1.200" /></svg>;
}

export function Previous() {
  return <svg {...icon}><path d="M18 6.200a1 1 0 0 0-1.5-.87l-8 4.930a2 2 0 0 0 0 3.480l8 4.930A1 1 0 0 0 18 17.800z" /><rect x="4.600" y="5.200" width="2.400" height="13.600" rx="1.200" /></svg>;
}

export function Shuffle() {
  return (
    <svg {...icon} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d="M4 7h3.500c4.500 0 5 10 9.500 10h3M4 17h3.500c1.500 0 2.600-1.100 3.500-2.600M13.500 9.200C14.400 7.900 15.500 7 17 7h3M17.500 4.500L20 7l-2.500 2.500M17.500 14.500L20 17l-2.500 2.500" />
    </svg>
  );
}

export function InOrder() {
  return <svg {...icon} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M4 7h10M4 12h10M4 17h7M18.500 6v12M15.500 15l3 3 3-3" /></svg>;
}

export function Plug() {
  return (
    <svg {...icon} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d="M9 3v5M15 3v5M6.500 8h11v3.500a5.500 5.500 0 0 1-11 0zM12 17v4" />
    </svg>
  );
}
