// The route report of one device: its sums, its rows in three tabs, its files.
import { ActionIcon, Group, Menu, Tabs, Text, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useT } from '@/i18n';
import { span } from '@/live/tell';
import type { Past, Span } from './data';
import { Happened, Legs, useFormats, Visits } from './Legs';
import { words } from './words';

interface Props {
  past: Past;
  span: Span;
  many: boolean;
  selected: string;
  onPick: (id: string, at: number, place?: { lon: number; lat: number }) => void;
}

const FORMATS = ['gpx', 'kml', 'csv', 'geojson'] as const;
const NAMES = { gpx: 'GPX', kml: 'KML', csv: 'CSV', geojson: 'GeoJSON' };

export function Report({ past, span: asked, many, selected, onPick }: Props) {
  const t = useT(words);
  const f = useFormats(), r = past.route!;
  const rows = { route: r, many, selected, onPick };
  return (
    <>
      <Group px="md" py="sm" gap="sm" wrap="nowrap" align="flex-start" justify="space-between">
        <dl className="past-sums" style={{ flex: 1 }}>
          <div><dt>{t('distance')}</dt><dd data-testid="distance">{f.km(r.metres)}</dd></div>
          <div><dt>{t('driving')}</dt><dd>{span(r.movingSeconds)}</dd></div>
          <div><dt>{t('standing')}</dt><dd>{span(r.standingSeconds)}</dd></div>
          <div><dt>{t('fastest')}</dt><dd>{f.n(r.maxSpeed)} km/h</dd></div>
        </dl>
        <Menu position="bottom-end">
          <Menu.Target><Tooltip label={t('export')}><ActionIcon variant="default" size={34} aria-label={t('exportOf', { name: r.name })}><IconDownload size={17} /></ActionIcon></Tooltip></Menu.Target>
          <Menu.Dropdown>
            {FORMATS.map((format) => (
              <Menu.Item key={format} component="a" download href={`/api/v1/devices/${past.id}/track/file?${new URLSearchParams({ ...asked, format })}`}>{NAMES[format]}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {r.fixes === 0 ? <Text px="md" pb="md" size="sm" c="dimmed">{t('nothing')}. {t('nothingHow')}</Text> : (
        <Tabs defaultValue="trips" keepMounted={false}>
          <Tabs.List px="sm" aria-label={r.name}>
            <Tabs.Tab value="trips">{t('trips')}</Tabs.Tab>
            <Tabs.Tab value="visits">{t('visits')}</Tabs.Tab>
            <Tabs.Tab value="events">{t('happened')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="trips"><Legs {...rows} /></Tabs.Panel>
          <Tabs.Panel value="visits"><Visits {...rows} /></Tabs.Panel>
          <Tabs.Panel value="events"><Happened events={past.events} many={many} selected={selected} onPick={onPick} /></Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}
