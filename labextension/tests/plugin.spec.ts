import { readFileSync } from 'node:fs';

import { NotebookModel } from '@jupyterlab/notebook';
import { LabIcon } from '@jupyterlab/ui-components';
import { describe, expect, it } from 'vitest';

import plugins from '../src/index';

describe('the extension', () => {
  it('gives every plugin an identifier under its own name and a description', () => {
    for (const plugin of plugins) {
      expect(plugin.id).toMatch(/^jupyter-tutor:[a-z-]+$/);
      expect(plugin.description).toMatch(/\.$/);
    }
  });

  it('has the settings schema that the main plugin loads', () => {
    const schema = JSON.parse(readFileSync('schema/plugin.json', 'utf8')) as { type: string };
    expect(plugins.map(plugin => plugin.id)).toContain('jupyter-tutor:plugin');
    expect(schema.type).toBe('object');
  });
});

describe('JupyterLab under the test runner', () => {
  it('makes notebook models and icons without a browser', () => {
    const model = new NotebookModel();
    model.sharedModel.addCell({ cell_type: 'code', source: 'answer = 42' });
    expect(model.sharedModel.cells.map(cell => cell.source)).toContain('answer = 42');
    const svgstr = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>';
    const icon = new LabIcon({ name: 'test:dot', svgstr });
    expect(icon.element().querySelector('circle')).not.toBeNull();
  });
});
