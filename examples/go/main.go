// Settings that are followed, and a lock: go run . [HOST:PORT]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

func main() {
	endpoint := "localhost:2379"
	if len(os.Args) > 1 {
		endpoint = os.Args[1]
	}
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
	check(err)
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	_, err = client.Put(ctx, "settings/colour", "green")
	check(err)
	read, err := client.Get(ctx, "settings/", clientv3.WithPrefix())
	check(err)
	fmt.Println("read", string(read.Kvs[0].Value))

	// From the revision after the read on, so that no change is lost between the two.
	changes := client.Watch(ctx, "settings/", clientv3.WithPrefix(), clientv3.WithRev(read.Header.Revision+1))
	_, err = client.Put(ctx, "settings/colour", "blue")
	check(err)
	fmt.Println("changed", string((<-changes).Events[0].Kv.Value))

	session, err := concurrency.NewSession(client, concurrency.WithTTL(10))
	check(err)
	defer session.Close()
	lock := concurrency.NewMutex(session, "locks/settings")
	check(lock.Lock(ctx))
	fmt.Println("locked")
	check(lock.Unlock(ctx))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
