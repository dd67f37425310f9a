// How a company is set up: what it is called, how people sign in, who carries its messages.
import { IconBuilding, IconDatabase, IconKey, IconMap2, IconMessage2, IconPuzzle, IconShieldLock } from '@tabler/icons-react';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Room, Sections, type Section } from '@/parts/Sections';
import { TokenList } from '@/parts/TokenList';
import { Channels } from './channels';
import { CompanyData } from './CompanyData';
import { Maps } from './Maps';
import { mapWords } from './mapwords';
import { Modules } from './Modules';
import { Retention } from './Retention';
import { Security } from './Security';
import { words } from './words';

export function Settings() {
  const t = useT(words), tm = useT(mapWords);
  const can = useCan(), me = useMe();
  const sections: (Section | false)[] = [
    Boolean(me.company) && { key: 'company', label: t('company'), icon: IconBuilding, view: () => <CompanyData /> },
    Boolean(me.company) && { key: 'security', label: t('security'), icon: IconShieldLock, view: () => <Security /> },
    can('channel.read') && { key: 'channels', label: t('channels'), icon: IconMessage2, view: () => <Channels /> },
    Boolean(me.company) && can('company.update') && { key: 'maps', label: tm('maps'), icon: IconMap2, view: () => <Maps /> },
    Boolean(me.company) && can('module.update') && { key: 'modules', label: t('modules'), icon: IconPuzzle, view: () => <Modules /> },
    Boolean(me.company) && { key: 'retention', label: t('retention'), icon: IconDatabase, view: () => <Retention /> },
    can('token.create') && !me.by && { key: 'tokens', label: t('tokens'), icon: IconKey, view: () => <Room title={t('tokens')} text={t('tokensText')}><TokenList /></Room> },
  ];
  return <Sections base="/settings" title={t('settings')} sections={sections.filter((s) => s !== false)} />;
}
