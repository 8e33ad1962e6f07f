//go:build tools

// Package tools keeps the pulumi CLI in go.mod, so that go.sum pins every module it is built from.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
