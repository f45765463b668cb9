// Runs inside the page: the faults that hinder people who do not see it, or see it on a small screen.
// `listens`: a station's page, where the button to listen is what most people come for.
export function inspect({ listens } = { listens: true }) {
  const faults = [];
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !element.closest('[aria-hidden=true]');
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const label = (element) =>
    element.getAttribute('aria-label') ||
    (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('') ||
    [...(element.labels ?? [])].map((one) => one.textContent).join('') ||
    element.textContent;

  if (!document.documentElement.lang) faults.push('the document has no language');
  if (!document.title) faults.push('the document has no title');
  for (const [selector, wanted] of [['main', 1], ['h1', 1]]) {
    if (all(selector).length !== wanted) faults.push(`${all(selector).length} elements ${selector}`);
  }
  for (const element of all('button, a[href], input, [role=progressbar], [role=slider]')) {
    if (!label(element).trim()) faults.push(`no name: ${element.outerHTML.slice(0, 120)}`);
  }
  for (const image of all('img')) {
    if (!image.hasAttribute('alt')) faults.push(`no alt: ${image.src}`);
    if (image.complete && !image.naturalWidth) faults.push(`not loaded: ${image.src}`);
  }
  for (const element of all('[onclick]:not(button, a), [tabindex]:not([tabindex="0"], [tabindex="-1"])')) {
    faults.push(`keyboard: ${element.outerHTML.slice(0, 120)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids.filter((one, n) => ids.indexOf(one) !== n)) faults.push(`id ${id} twice`);
  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`after h${level} comes h${next} "${heading.textContent}"`);
    level = next;
  }
  for (const button of all('button')) {
    const { width, height } = button.getBoundingClientRect();
    if (matchMedia('(pointer: coarse)').matches && Math.min(width, height) < 24) faults.push(`small target: ${label(button)} ${width}x${height}`);
  }
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth + 1) faults.push(`${page.scrollWidth} px wide on a screen of ${innerWidth}`);
  const listen = all('button').find((button) => /^Listen to/.test(label(button)));
  if (listens && !listen) faults.push('no button to listen');
  if (listens && listen?.getBoundingClientRect().bottom > innerHeight) faults.push('the button to listen is out of sight');
  const backgrounds = [document.body.firstElementChild, document.body, document.documentElement].map((element) => getComputedStyle(element).backgroundColor);
  return { faults, background: backgrounds.find((colour) => !/, 0\)$/.test(colour)), title: document.title };
}
