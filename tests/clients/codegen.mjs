// The configuration of graphql-codegen: the schema is whatever the running server tells by introspection.
const types = {
  strictScalars: true,
  useTypeImports: true,
  defaultScalarType: 'unknown',
  scalars: { BigInt: 'string', CountryCode: 'string', CurrencyCode: 'string', DateTime: 'string' },
};

export default {
  schema: { [`${process.env.SUPERGRAPH_URL.replace(/\/(graphql\/?)?$/, '')}/graphql`]: {} },
  documents: 'operations/*.graphql',
  generates: {
    '.generated/schema.ts': { plugins: ['typescript'], config: types },
    '.generated/operations.ts': { plugins: ['typescript-operations', 'typed-document-node'], config: types },
  },
};
