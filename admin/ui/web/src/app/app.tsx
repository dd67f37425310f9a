// What stands around every page: theme, language, data, dialogs, routes.
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import 'dayjs/locale/es';
import 'dayjs/locale/fr';
import 'dayjs/locale/pt-br';
import { useEffect, useMemo, useState } from 'react';
import { isProblem, speak } from '@/api/client';
import { langs, LanguageProvider, startLang, type Lang } from '@/i18n';
import { common } from '@/i18n/common';
import { router } from './router';
import { readable, theme } from './theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it refuses again; only what it never answered is asked again.
      retry: (failures, err) => failures < 2 && !(isProblem(err) && err.status < 500),
    },
  },
});

export function App({ nonce }: { nonce: string }) {
  const [lang, setLang] = useState<Lang>(startLang);
  speak(lang);
  useEffect(() => {
    document.documentElement.lang = lang;
    localStorage.setItem('lang', lang);
  }, [lang]);
  const worded = useMemo(() => mergeThemeOverrides(theme, { components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': common.close[langs.indexOf(lang)] } }, styles: { description: { color: 'var(--mantine-color-text)' } } },
  } }), [lang]);
  return (
    <LanguageProvider lang={lang} setLang={(l) => { speak(l); setLang(l); client.invalidateQueries(); }}>
      <MantineProvider theme={worded} cssVariablesResolver={readable} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <DatesProvider settings={{ locale: lang === 'pt' ? 'pt-br' : lang, firstDayOfWeek: lang === 'en' ? 0 : 1 }}>
          <QueryClientProvider client={client}>
            <ModalsProvider>
              <Notifications position="bottom-right" />
              <RouterProvider router={router} context={{ client }} />
            </ModalsProvider>
          </QueryClientProvider>
        </DatesProvider>
      </MantineProvider>
    </LanguageProvider>
  );
}
