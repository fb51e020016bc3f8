#!/bin/sh
# Make the secrets that docker-compose.yml asks for, in a folder that only you can enter: an authority of its own, the
# broker's certificate, a password for each part, and the key that signs ticks and control records. What is there already
# stays as it is; a new signing key is a line added below the old one (docs/operations.md).
#
#   sh deploy/compose/secrets.sh ~/ketenwacht/secrets     and put that folder in .env as KETENWACHT_SECRETS
#
# The containers run as users of their own and must read their files; the folder keeps everybody else on this machine out.
set -eu
folder=${1:?say in which folder}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

for part in admin worker ticker board operator; do
    # Without a newline: the broker takes the file as it is.
    [ -e "kafka_${part}_password" ] || openssl rand -hex 24 | tr -d '\n' >"kafka_${part}_password"
done

if [ ! -e kafka_ca ]; then
    openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=Ketenwacht Kafka" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out kafka_ca
fi

# Valid for a year: remove kafka_broker and run this again to have another one.
if [ ! -e kafka_broker ]; then
    openssl req -newkey rsa:3072 -nodes -subj "/CN=kafka" -keyout broker.key -out broker.csr
    echo "subjectAltName=DNS:kafka,DNS:localhost,IP:127.0.0.1" >broker.names
    openssl x509 -req -in broker.csr -days 365 -CA kafka_ca -CAkey ca.key \
        -set_serial "0x$(openssl rand -hex 16)" -extfile broker.names -out broker.crt
    cat broker.key broker.crt >kafka_broker
    rm broker.key broker.csr broker.names broker.crt
fi

[ -e signing_keys ] || echo "k1 $(openssl rand -hex 32)" >signing_keys

chmod 444 kafka_* signing_keys
