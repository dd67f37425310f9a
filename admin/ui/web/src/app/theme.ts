import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = ['#e3f8fb', '#cfeef3', '#a0dde6', '#6ecad8', '#45bacd', '#2bb0c5', '#1597ad', '#0b7285', '#075e6e', '#034a57'];

/** White on shade 7 can be read. */
const red: MantineColorsTuple = ['#fff5f5', '#ffe3e3', '#ffc9c9', '#ffa8a8', '#ff8787', '#ff6b6b', '#e03131', '#c92a2a', '#b02525', '#961e1e'];

/** One calm accent; red is for alarms, orange for what waits, green for what is well. */
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: 7,
  autoContrast: true,
  colors: { sea, red },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { overlayProps: { blur: 2 }, transitionProps: { duration: 120 } }, styles: { title: { fontWeight: 650 } } },
    // A window's head is no second banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    // A loader's name is only heard where it has a role.
    Loader: { defaultProps: { role: 'status' } },
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    TextInput: { defaultProps: { autoComplete: 'off' } },
  },
});

/** The state colours of devices, in both schemes, readable on either map. */
export const stateColours = { moving: '#12895b', stopped: '#2b6cb8', silent: '#84919c', alarm: '#d6336c' } as const;

/** What is written on a colour's light ground (badges, initials, row buttons), dark enough to read. */
const inks = Object.fromEntries(Object.entries({
  green: '#1b6530', teal: '#08624b', lime: '#456200', yellow: '#734d00', orange: '#9a3d06', red: '#a61e1e', pink: '#a3194a', grape: '#7d2a91', violet: '#5535b5', indigo: '#3446b3', blue: '#155a9c', cyan: '#0a5f6b', gray: '#495057',
}).map(([name, ink]) => [`--mantine-color-${name}-light-color`, ink]));

/** Mantine's dimmed text and placeholders are too pale to read; these meet WCAG AA. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#54606b', '--mantine-color-placeholder': '#66727d', '--mantine-color-error': '#c92a2a', ...inks },
  dark: { '--mantine-color-dimmed': '#a3afb9', '--mantine-color-placeholder': '#97a3ad', '--mantine-color-error': '#ff8787' },
});
