// What a browser tells of the device it runs on, where it does.

export interface Device {
  /** As the conductor knows it until its owner has given it a name. */
  readonly name: string;
  battery(): number | null;
  network(): string | null;
  hidden(): boolean;
}

export interface AboutDevice {
  readonly battery: number | null;
  readonly network: string | null;
  readonly hidden: boolean;
}

export function aboutDevice(device: Device): AboutDevice {
  const battery = device.battery();
  return { battery: battery === null ? null : Math.round(battery * 20) / 20, network: device.network(), hidden: device.hidden() };
}

/** "Pixel 7", "iPhone", "Android", as far as it tells. */
export function deviceName(userAgent: string): string {
  const android = /Android[^;)]*;\s*([^;)]+?)(?:\s+Build\/[^;)]*)?[;)]/.exec(userAgent)?.[1];
  if (android && !/^(K|Mobile|Tablet|rv:.*)$/.test(android)) return android.slice(0, 40);
  return /iPhone|iPad|Android|Macintosh|Windows|Linux/.exec(userAgent)?.[0].replace('Macintosh', 'Mac') ?? 'Browser';
}

interface Battery {
  readonly level: number;
}

export function browserDevice(): Device {
  const ask = navigator as Navigator & { getBattery?(): Promise<Battery>; connection?: { type?: string; effectiveType?: string } };
  let battery: Battery | undefined;
  ask.getBattery?.().then((one) => (battery = one), () => {});
  return {
    name: deviceName(navigator.userAgent),
    battery: () => battery?.level ?? null,
    network: () => ask.connection?.type ?? ask.connection?.effectiveType ?? null,
    hidden: () => document.hidden,
  };
}
