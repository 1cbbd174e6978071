// Starts GraphiQL on this page. The router serves this file itself: its policy allows no inline script.
'use strict';
(() => {
  const element = document.getElementById('graphiql');
  const root = ReactDOM.createRoot(element);
  const { createElement, useSyncExternalStore } = React;

  // The plan of the operation that ran last. It is asked for only while its panel is open.
  const plan = { text: '', panels: 0, listeners: new Set() };
  const tellPlan = (text) => {
    plan.text = text;
    plan.listeners.forEach((listener) => listener());
  };
  const subscribe = (listener) => {
    plan.listeners.add(listener);
    plan.panels += 1;
    return () => {
      plan.listeners.delete(listener);
      plan.panels -= 1;
    };
  };
  const PlanPanel = () => {
    const text = useSyncExternalStore(subscribe, () => plan.text);
    const advice = 'Run an operation to see how it is answered: which subgraph is asked what, and in which order.';
    return createElement('div', null,
      createElement('div', { className: 'graphiql-doc-explorer-title' }, 'Query plan'),
      createElement('div', { className: 'plan' }, text || advice));
  };
  const PlanIcon = () => createElement('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 },
    createElement('path', { d: 'M4 4h6v5H4zM14 15h6v5h-6zM7 9v8h7' }));
  const planPlugin = { title: 'Query plan', icon: PlanIcon, content: PlanPanel };

  // A new one for each version of the schema, since GraphiQL reads the schema again when its fetcher is another one.
  const newFetcher = () => async (parameters, options) => {
    const explain = element.dataset.plans !== undefined && plan.panels > 0 && parameters.operationName !== 'IntrospectionQuery';
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        'graphql-client-name': 'graphiql',
        ...(options && options.headers),
      },
      body: JSON.stringify(explain ? { ...parameters, extensions: { queryPlan: true } } : parameters),
    });
    const result = await response.json();
    if (explain) {
      tellPlan(result.extensions?.queryPlan?.text ?? 'There is no plan: the operation was refused.');
      if (result.extensions) delete result.extensions.queryPlan;
      if (result.extensions && Object.keys(result.extensions).length === 0) delete result.extensions;
    }
    return result;
  };
  const render = () => {
    const properties = { fetcher: newFetcher(), shouldPersistHeaders: false };
    if (element.dataset.plans !== undefined) properties.plugins = [planPlugin];
    if (element.dataset.headers) properties.defaultHeaders = element.dataset.headers;
    if (element.dataset.query) properties.defaultQuery = element.dataset.query;
    root.render(createElement(GraphiQL, properties));
  };
  render();

  // What is served, and what is wrong with a newer version: a banner above the page.
  const findings = document.getElementById('findings');
  let version;
  const look = async () => {
    try {
      const state = document.hidden ? undefined : await (await fetch('/graphiql/state')).json();
      if (state) {
        findings.hidden = !state.findings;
        findings.textContent = state.findings ?? '';
        if (version && state.version && state.version !== version) render();
        version = state.version ?? version;
      }
    } catch {
      // The program is being restarted; the next look will tell.
    }
    setTimeout(look, 2000);
  };
  look();
})();
