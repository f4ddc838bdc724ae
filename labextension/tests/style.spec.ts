import { readFileSync } from 'node:fs';

import postcss from 'postcss';
import { expect, it } from 'vitest';

const sheet = postcss.parse(
  ['base', 'hints', 'chat', 'instructor', 'reviews', 'data']
    .map(name => readFileSync(`style/${name}.css`, 'utf8'))
    .join('\n')
);

/** The colours a rule names itself instead of taking them from the theme. */
function ownColours(value: string): string[] {
  const outsideVariables = value.replace(/var\([^()]*\)/g, '');
  return (
    outsideVariables.match(
      /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(|\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow|purple)\b/gi
    ) ?? []
  );
}

it('knows a colour of its own from a colour of the theme', () => {
  expect(ownColours('1px solid #ddd')).toEqual(['#ddd']);
  expect(ownColours('rgb(0 0 0 / 20%)')).toEqual(['rgb(']);
  expect(ownColours('1px solid var(--jp-border-color1)')).toEqual([]);
});

it('takes every colour from the theme', () => {
  sheet.walkDecls(declaration => {
    expect(ownColours(declaration.value), declaration.toString()).toEqual([]);
  });
});

it('styles nothing but its own elements', () => {
  sheet.walkRules(rule => {
    if (
      rule.parent?.type === 'atrule' &&
      (rule.parent as postcss.AtRule).name.endsWith('keyframes')
    ) {
      return;
    }
    for (const selector of rule.selectors) {
      expect(selector).toMatch(/\.jp-tutor-/);
    }
  });
});
