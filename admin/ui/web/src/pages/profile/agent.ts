/** agentName says in two words what browser a user agent is: "Firefox, Linux". */
export function agentName(agent: string | undefined): string {
  if (!agent) return '';
  const browser = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => agent.includes(mark!))?.[1];
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS X', 'macOS'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark!))?.[1];
  return browser ? [browser, system].filter(Boolean).join(', ') : agent.slice(0, 40);
}
