// Pictures of pages as a browser shows them, into docs/pictures.
// Needs a Chromium: CHROMIUM, or /usr/bin/chromium.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

export const shades = ['light', 'dark'] as const;
export type Shade = (typeof shades)[number];

const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));

export async function openBrowser(): Promise<Browser> {
  await mkdir(folder, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

export function pictureFile(name: string, shade: Shade): string {
  return join(folder, `${name}${shade === 'dark' ? '-dark' : ''}.png`);
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly shade: Shade;
}

/** The whole page, without scripts. */
export async function takePicture(
  browser: Browser,
  { width, height, shade }: Look,
  show: (page: Page) => Promise<unknown>,
): Promise<Buffer> {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, colorScheme: shade, javaScriptEnabled: false });
  const page = await context.newPage();
  await show(page);
  const picture = await page.screenshot({ fullPage: true });
  await context.close();
  return picture;
}

const phone = { width: 375, height: 440 };
const gap = 12;

/** As many telephones side by side, one for each of these, in light and in dark. */
export async function takeOnPhones<Item>(
  browser: Browser,
  name: string,
  items: readonly Item[],
  show: (page: Page, item: Item) => Promise<unknown>,
): Promise<void> {
  for (const shade of shades) {
    const pictures: Buffer[] = [];
    for (const item of items)
      pictures.push(await takePicture(browser, { ...phone, shade }, (page) => show(page, item)));
    const width = items.length * (phone.width + gap) + gap;
    const row = await takePicture(browser, { width, height: phone.height, shade }, (page) =>
      page.setContent(sideBySide(pictures)),
    );
    await writeFile(pictureFile(name, shade), row);
  }
}

function sideBySide(pictures: readonly Buffer[]): string {
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one.toString('base64')}">`);
  return `<style>body { display: flex; gap: ${gap}px; margin: ${gap}px; align-items: start; background: #8d97a8 }</style>${images.join('')}`;
}
