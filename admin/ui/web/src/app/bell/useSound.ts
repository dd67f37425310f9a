import { useLocalStorage } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import { siren } from './sound';

/** The switch of the sound, kept in this browser, and whether the browser blocks it. */
export function useSound() {
  const [on, set] = useLocalStorage({ key: 'alarm.sound', defaultValue: true, getInitialValueInEffect: false });
  const blocked = useSyncExternalStore(siren.subscribe, () => siren.blocked);
  return {
    on, blocked: on && blocked, allow: siren.allow,
    toggle: () => { set(!on); if (!on) siren.allow(); },
  };
}
