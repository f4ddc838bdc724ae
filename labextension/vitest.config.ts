import { readFile } from 'node:fs/promises';

import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vitest/config';

/** JupyterLab imports an icon as its SVG source, where Vite would give the address of a file. */
const svgSource: Plugin = {
  name: 'svg-source',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.svg')) {
      return null;
    }
    return `export default ${JSON.stringify(await readFile(id, 'utf8'))};`;
  }
};

export default defineConfig({
  plugins: [svgSource],
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.spec.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    reporters: ['default', './tests/closing-line.ts'],
    restoreMocks: true,
    css: false,
    silent: 'passed-only',
    server: {
      // These packages are ES modules that do not say so: Vite reads them, Node.js would not.
      deps: { inline: [/@jupyter/, /@lumino/] }
    }
  }
});
