// The icons above the map.
import { ActionIcon, Checkbox, Divider, Popover, Stack, Tooltip } from '@mantine/core';
import { IconCarOff, IconCar, IconCurrentLocation, IconEraser, IconLayoutSidebarLeftExpand, IconLink, IconLayoutSidebarRightExpand, IconMaximize, IconMinus, IconPlus, IconPrinter, IconRoute, IconRulerMeasure, IconStack2, IconCircles, type Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useLang, useT } from '@/i18n';
import { PlaceSearch, type Place } from '@/parts/PlaceSearch';
import { words } from './words';

export interface Shown { group: boolean; fences: boolean; markers: boolean; trails: boolean }

interface Props {
  panel?: string;
  state?: string;
  connected: number;
  disconnected: number;
  shown: Shown;
  locating: boolean;
  onState: (state: string | undefined) => void;
  onShown: (change: Partial<Shown>) => void;
  share?: string;
  routes?: string;
  measuring: boolean;
  onMeasure: () => void;
  onPrint: () => void;
  onMe: () => void;
  onClear: () => void;
  onFeed?: () => void;
  feed: boolean;
}

export function Toolbar(p: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const full = new Intl.NumberFormat(lang), short = new Intl.NumberFormat(lang, { notation: 'compact' });
  const n = { format: (count: number) => (count < 100_000 ? full : short).format(count) };
  return (
    <div className="map-tools">
      <div className="map-bar" role="toolbar" aria-label={t('tools')}>
        {p.panel && <Tool label={t('toPanel')} icon={IconLayoutSidebarLeftExpand} to={p.panel} />}
        <Divider className="map-divider" orientation="vertical" my={4} />
        <Tool label={t('connected')} icon={IconCar} count={n.format(p.connected)} tone="green" pressed={p.state === 'connected'} onClick={() => p.onState(p.state === 'connected' ? undefined : 'connected')} />
        <Tool label={t('disconnected')} icon={IconCarOff} count={n.format(p.disconnected)} tone="gray" pressed={p.state === 'disconnected'} onClick={() => p.onState(p.state === 'disconnected' ? undefined : 'disconnected')} />
        <Tool label={t('group')} icon={IconCircles} pressed={p.shown.group} onClick={() => p.onShown({ group: !p.shown.group })} />
        <Divider className="map-divider" orientation="vertical" my={4} />
        {p.routes && <Tool label={t('routes')} icon={IconRoute} to={p.routes} />}
        {p.share && <Tool label={t('share')} icon={IconLink} to={p.share} />}
        <Tool label={t('me')} icon={IconCurrentLocation} onClick={p.onMe} loading={p.locating} />
        <Popover position="bottom-start" shadow="md" withArrow trapFocus>
          <Popover.Target><Tool label={t('layers')} icon={IconStack2} /></Popover.Target>
          <Popover.Dropdown>
            <Stack gap={8}>
              <Checkbox size="sm" label={t('geofences')} checked={p.shown.fences} onChange={(e) => p.onShown({ fences: e.currentTarget.checked })} />
              <Checkbox size="sm" label={t('markers')} checked={p.shown.markers} onChange={(e) => p.onShown({ markers: e.currentTarget.checked })} />
              <Checkbox size="sm" label={t('trails')} checked={p.shown.trails} onChange={(e) => p.onShown({ trails: e.currentTarget.checked })} />
            </Stack>
          </Popover.Dropdown>
        </Popover>
        <Tool label={t('measure')} icon={IconRulerMeasure} pressed={p.measuring} onClick={p.onMeasure} from="sm" />
        <Tool label={t('clear')} icon={IconEraser} onClick={p.onClear} />
        <Tool label={t('print')} icon={IconPrinter} onClick={p.onPrint} from="lg" />
        {p.onFeed && <Tool label={t('feed')} icon={IconLayoutSidebarRightExpand} pressed={p.feed} onClick={p.onFeed} from="lg" />}
      </div>
    </div>
  );
}

/** The buttons at the map's edge. */
export function Zoom({ onZoom, onFit, onPlace }: { onZoom: (by: number) => void; onFit: () => void; onPlace: (p: Place) => void }) {
  const t = useT(words);
  return (
    <div className="map-bar map-zoom">
      <PlaceSearch onPick={onPlace} />
      <Tool label={t('zoomIn')} icon={IconPlus} onClick={() => onZoom(1)} left />
      <Tool label={t('zoomOut')} icon={IconMinus} onClick={() => onZoom(-1)} left />
      <Tool label={t('fit')} icon={IconMaximize} onClick={onFit} left />
    </div>
  );
}

interface ToolProps {
  label: string;
  icon: Icon;
  count?: string;
  tone?: string;
  pressed?: boolean;
  loading?: boolean;
  to?: string;
  /** Only where there is so much room. */
  from?: 'sm' | 'lg';
  left?: boolean;
  onClick?: () => void;
  ref?: React.Ref<HTMLButtonElement>;
}

function Tool({ label, icon: Sign, count, tone, pressed, loading, to, from, left, onClick, ref, ...rest }: ToolProps) {
  const inside = <Sign size={19} stroke={1.7} />;
  const look = { variant: pressed ? 'light' : 'subtle', color: pressed ? (tone && tone !== 'gray' ? tone : undefined) : 'gray', className: 'map-tool', 'aria-label': label, 'data-count': count, visibleFrom: from } as const;
  return (
    <Tooltip label={count === undefined ? label : `${label}: ${count}`} position={left ? 'left' : 'bottom'}>
      {to
        ? <ActionIcon component={Link} to={to as string} {...look}>{inside}</ActionIcon>
        : <ActionIcon ref={ref} {...rest} {...look} loading={loading} aria-pressed={pressed} onClick={onClick ?? (rest as { onClick?: () => void }).onClick}>{inside}</ActionIcon>}
    </Tooltip>
  );
}
