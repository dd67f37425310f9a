// The frame of every page behind sign-in: menu by role, search, language.
import { ActionIcon, AppShell, Burger, Group, Menu, NavLink, ScrollArea, Text, Tooltip, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconLanguage, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useMe, signOut } from '@/api/session';
import { useRights } from '@/live';
import { langNames, langs, texts, useLang, useT } from '@/i18n';
import { Bell } from './bell/Bell';
import { BottomBar, hasBar } from './BottomBar';
import { Jobs } from './jobs/Jobs';
import { Search } from './search/Search';
import { Workplaces } from './Workplaces';
import { Notices } from './notices';
import { Barred } from './broken';
import { isBarred, menu, words } from './menu';

const own = texts({
  ...words,
  skip: ['Skip to the page', 'Ir al contenido', 'Ir para o conteúdo', 'Aller au contenu'],
  account: ['Your account', 'Su cuenta', 'Sua conta', 'Votre compte'],
  profile: ['Profile', 'Perfil', 'Perfil', 'Profil'],
  signOut: ['Sign out', 'Salir', 'Sair', 'Se déconnecter'],
  dark: ['Dark or light', 'Oscuro o claro', 'Escuro ou claro', 'Sombre ou clair'],
  openMenu: ['Open or close the menu', 'Abrir o cerrar el menú', 'Abrir ou fechar o menu', 'Ouvrir ou fermer le menu'],
});

export function Shell() {
  const t = useT(own);
  const me = useMe();
  const router = useRouter();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const [opened, { toggle, close }] = useDisclosure();
  const { colorScheme, toggleColorScheme } = useMantineColorScheme();
  const { lang, setLang } = useLang();
  useHotkeys([['mod+J', () => toggleColorScheme()]]);

  const here = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(to + '/'));
  const bar = useMediaQuery('(max-width: 47.99em)') && hasBar(me);
  const wide = here('/map'); // needs the room
  return (
    <AppShell header={{ height: 52 }} footer={{ height: 56, collapsed: !bar }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened, desktop: wide && !opened } }} padding={0}>
      <a className="skip" href="#page">{t('skip')}</a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom={wide ? undefined : 'sm'} size="sm" aria-label={t('openMenu')} />
          <UnstyledButton component={Link} to="/" aria-label="Vigia">
            <Group gap={8} wrap="nowrap"><img src="/icon.svg" alt="" width={26} height={26} /><Text fw={720} visibleFrom="xs">Vigia</Text></Group>
          </UnstyledButton>
          <Search />
          <Group ml="auto" gap={4} wrap="nowrap">
            <Workplaces />
            {me.may['stream.read'] && <Rights />}
            {me.may['alarm.read'] && <Bell />}
            <Jobs />
            <Menu position="bottom-end">
              <Menu.Target><Tooltip label={t('language')}><ActionIcon variant="subtle" color="gray" aria-label={t('language')}><IconLanguage size={20} /></ActionIcon></Tooltip></Menu.Target>
              <Menu.Dropdown>
                {langs.map((l) => <Menu.Item key={l} onClick={() => setLang(l)} aria-current={l === lang} fw={l === lang ? 700 : 400} lang={l}>{langNames[l]}</Menu.Item>)}
              </Menu.Dropdown>
            </Menu>
            <Tooltip label={t('dark')}>
              <ActionIcon variant="subtle" color="gray" onClick={toggleColorScheme} aria-label={t('dark')}>{colorScheme === 'dark' ? <IconSun size={20} /> : <IconMoon size={20} />}</ActionIcon>
            </Tooltip>
            <Menu position="bottom-end" width={220}>
              <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t('account')}><IconUserCircle size={22} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{me.user.name}</Menu.Label>
                {'/profile' in router.routesByPath && <Menu.Item component={Link} to={'/profile' as string} leftSection={<IconUserCircle size={16} />}>{t('profile')}</Menu.Item>}
                <Menu.Item onClick={signOut} leftSection={<IconLogout size={16} />}>{t('signOut')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('main')}>
        <ScrollArea type="hover" scrollbarSize={6} p="xs">
          {menu.map(({ group, entries }) => {
            const shown = entries.filter((e) => e.to in router.routesByPath && (!e.when || e.when(me)));
            if (!shown.length) return null;
            return (
              <div key={group}>
                <Text size="xs" fw={650} c="dimmed" px="sm" pt="sm" pb={4}>{t(group)}</Text>
                {shown.map((e) => (
                  <NavLink key={e.word} component={Link} to={e.to} label={t(e.word)} leftSection={<e.icon size={18} stroke={1.6} />}
                    active={here(e.to)} onClick={close} py={6} fw={here(e.to) ? 600 : 400} style={{ borderRadius: 8 }} />
                ))}
              </div>
            );
          })}
        </ScrollArea>
      </AppShell.Navbar>
      {bar && <AppShell.Footer><BottomBar onMore={toggle} /></AppShell.Footer>}
      <AppShell.Main id="page" tabIndex={-1} h="100dvh" style={{ outline: 'none' }}>
        <Notices />
        {isBarred(me, path) ? <Barred /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}

/** Keeps the menu true while pages are open. */
function Rights() {
  useRights();
  return null;
}
