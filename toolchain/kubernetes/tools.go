//go:build tools

// Package tools keeps the test servers in go.mod, so that go.sum pins every module they are built from.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
)
