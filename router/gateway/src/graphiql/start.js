// Starts GraphiQL on this page. The router serves this file itself: its policy allows no inline script.
'use strict';
(() => {
  const element = document.getElementById('graphiql');
  const fetcher = async (parameters, options) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        'graphql-client-name': 'graphiql',
        ...(options && options.headers),
      },
      body: JSON.stringify(parameters),
    });
    return response.json();
  };
  const properties = { fetcher, shouldPersistHeaders: false };
  if (element.dataset.headers) properties.defaultHeaders = element.dataset.headers;
  if (element.dataset.query) properties.defaultQuery = element.dataset.query;
  ReactDOM.createRoot(element).render(React.createElement(GraphiQL, properties));
})();
