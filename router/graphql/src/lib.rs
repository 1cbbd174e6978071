//! The GraphQL language: parse, validate, print, coerce, diagnose
