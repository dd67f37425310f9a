// The colours of what is drawn on a map. A canvas knows no style sheet, so
// they are looked up when the scheme changes.
export type State = 'moving' | 'stopped' | 'silent' | 'alarm';

export interface Palette extends Record<State, string> {
  /** Round points and letters, so that they stand out of the land. */
  halo: string;
  ink: string;
  /** The rim of points. */
  rim: string;
  accent: string;
  grid: string;
  dim: string;
}

const light: Palette = {
  moving: '#12895b', stopped: '#2b6cb8', silent: '#7b8893', alarm: '#d61f4c',
  halo: '#ffffffe0', ink: '#14202b', rim: '#ffffff', accent: '#0b7285', grid: '#8fa5b055', dim: '#7d8d98',
};
const dark: Palette = {
  moving: '#2fbf84', stopped: '#5c9ded', silent: '#8594a0', alarm: '#ff4d74',
  halo: '#0e151be0', ink: '#e7eef3', rim: '#0e151b', accent: '#45bacd', grid: '#4d627055', dim: '#7f93a0',
};

export const palette = (isDark: boolean): Palette => (isDark ? dark : light);

export const FONT = "'Inter Variable', system-ui, sans-serif";
