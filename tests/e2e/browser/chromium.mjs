// A Chromium, its pages as a person would have them, and what went wrong on them.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');

const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const touch = { viewport: phone, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

export const looks = {
  'desktop-light': { viewport: desktop, colorScheme: 'light' },
  'desktop-dark': { viewport: desktop, colorScheme: 'dark' },
  'phone-light': { ...touch, colorScheme: 'light' },
  'phone-dark': { ...touch, colorScheme: 'dark' },
};

export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), ...more],
  });
}

/** A context whose pages tell `complaints` of everything that the browser's console would show in red. */
export async function newContext(browser, complaints, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(60_000);
  context.on('page', (page) => {
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  return context;
}
