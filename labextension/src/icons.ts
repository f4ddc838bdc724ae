import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M12 3 1.5 8.5 12 14l8.5-4.45V16H22V8.5z"/>
  <path class="jp-icon3" fill="#616161" d="M5.5 12.4v3.8c0 1.6 2.9 3.3 6.5 3.3s6.5-1.7 6.5-3.3v-3.8L12 15.8z"/>
</svg>`;

/** A mortar board. */
export const tutorIcon = new LabIcon({ name: 'jupyter-tutor:tutor', svgstr: SVG });

const NEXT = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M4 11h10.2L10 6.8 11.4 5.4 18 12l-6.6 6.6L10 17.2l4.2-4.2H4zM19 5h2v14h-2z"/>
</svg>`;

/** An arrow to what comes next. */
export const nextIcon = new LabIcon({ name: 'jupyter-tutor:next', svgstr: NEXT });

const TEACHING = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M3 4h18v11h-6.2l2.4 5h-2.1l-2.4-5h-1.4l-2.4 5H6.800l2.400-5H3zm2 2v7h14V6zm2 5V9h2v2zm4 0V7.500h2V11zm4 0V8.500h2V11z"/>
</svg>`;

/** A board with figures on it. */
export const teachingIcon = new LabIcon({ name: 'jupyter-tutor:teaching', svgstr: TEACHING });
