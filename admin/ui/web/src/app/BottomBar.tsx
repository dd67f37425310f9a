// On a phone customers find their four places under the thumb.
import { Group, Text, UnstyledButton } from '@mantine/core';
import { IconBell, IconCar, IconDots, IconMap, type Icon } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { useMe } from '@/api/session';
import { texts, useT } from '@/i18n';
import { isStaff } from './menu';

const own = texts({
  map: ['Map', 'Mapa', 'Mapa', 'Carte'],
  alerts: ['Alerts', 'Alertas', 'Alertas', 'Alertes'],
  more: ['More', 'Más', 'Mais', 'Plus'],
  places: ['Quick places', 'Accesos rápidos', 'Acessos rápidos', 'Accès rapides'],
});

export function BottomBar({ onMore }: { onMore: () => void }) {
  const t = useT(own);
  const me = useMe();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const item = (label: string, Glyph: Icon, active: boolean) => (
    <><Glyph size={22} stroke={active ? 2 : 1.6} /><Text span size="xs" fw={active ? 650 : 450}>{label}</Text></>
  );
  const look = (active: boolean) => ({ flex: 1, minHeight: 56, display: 'flex', flexDirection: 'column' as const, alignItems: 'center', justifyContent: 'center', gap: 2, color: active ? 'var(--mantine-primary-color-light-color)' : undefined });
  const place = (to: string, label: string, glyph: Icon) => {
    const active = path === to || path.startsWith(to + '/');
    return <UnstyledButton component={Link} to={to as string} aria-current={active ? 'page' : undefined} style={look(active)}>{item(label, glyph, active)}</UnstyledButton>;
  };
  return (
    <Group component="nav" aria-label={t('places')} gap={0} wrap="nowrap" h="100%">
      {me.may['stream.read'] && place('/map', t('map'), IconMap)}
      {me.may['device.read'] && place('/devices', t('devices'), IconCar)}
      {place(me.may['alarm.read'] ? '/alarms' : '/events', t('alerts'), IconBell)}
      <UnstyledButton onClick={onMore} style={look(false)}>{item(t('more'), IconDots, false)}</UnstyledButton>
    </Group>
  );
}

/** hasBar: staff has the whole menu; customers on a narrow screen have the bar. */
export const hasBar = (me: Parameters<typeof isStaff>[0]) => !isStaff(me);
