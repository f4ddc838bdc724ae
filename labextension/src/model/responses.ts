/** From what stands in the controls of a quiz to what the server takes. */

import type { Question, Responses } from '../api/types';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const BENGALI_ZERO = 0x09e6;

/** Reads a typed number: with a decimal point or comma, in Latin or Bengali digits; else null. */
export function readNumber(typed: string): number | null {
  const latin = typed
    .trim()
    .replace(/[০-৯]/g, digit => String(digit.charCodeAt(0) - BENGALI_ZERO))
    .replace('−', '-');
  const pointed = latin.includes('.') ? latin : latin.replace(',', '.');
  if (!NUMBER.test(pointed)) {
    return null;
  }
  const number = Number(pointed);
  return Number.isFinite(number) ? number : null;
}

/** Returns the place, from 1, of the first question for a number whose answer is none, or 0. */
export function unreadable(questions: readonly Question[], responses: Responses): number {
  return (
    questions.findIndex(({ id, type }) => {
      const response = responses[id];
      return type === 'number' && response !== undefined && readNumber(String(response)) === null;
    }) + 1
  );
}

/**
 * Returns the responses to send: those to questions that are still asked, in the form that each asks
 * for. What is no number is sent as it was typed, so that the server says what is wrong with it.
 */
export function sendable(questions: readonly Question[], responses: Responses): Responses {
  const sent: Responses = {};
  for (const question of questions) {
    const response = responses[question.id];
    const value = response === undefined ? null : inForm(question, response);
    if (value !== null) {
      sent[question.id] = value;
    }
  }
  return sent;
}

function inForm(question: Question, response: Responses[string]): Responses[string] | null {
  const ids = new Set(question.choices.map(({ id }) => id));
  switch (question.type) {
    case 'single':
      return typeof response === 'string' && ids.has(response) ? response : null;
    case 'multiple': {
      const picked = (Array.isArray(response) ? response : []).filter(id => ids.has(id));
      return picked.length > 0 ? picked : null;
    }
    case 'number':
      return Array.isArray(response) ? null : (readNumber(String(response)) ?? response);
    case 'text':
      return Array.isArray(response) ? null : String(response);
  }
}
