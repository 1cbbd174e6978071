// Shows the newest findings, and goes on to GraphiQL once there is a supergraph.
'use strict';
(() => {
  const findings = document.getElementById('findings');
  const look = async () => {
    try {
      const state = await (await fetch('/graphiql/state')).json();
      if (state.version) return location.reload();
      if (state.findings) findings.textContent = state.findings;
    } catch {
      // The program is being restarted; the next look will tell.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
