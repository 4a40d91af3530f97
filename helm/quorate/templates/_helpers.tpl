{{- define "quorate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "quorate.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "quorate.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "quorate.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "quorate.headless" -}}
{{- printf "%s-members" (include "quorate.fullname" .) -}}
{{- end -}}

{{- define "quorate.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "quorate.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "quorate.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What never changes, for selectors */}}
{{- define "quorate.selector" -}}
app.kubernetes.io/name: {{ include "quorate.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "quorate.memberSelector" -}}
{{ include "quorate.selector" . }}
app.kubernetes.io/component: member
{{- end -}}

{{- define "quorate.labels" -}}
{{ include "quorate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where a member is found; the argument is a list of the context and the member's name */}}
{{- define "quorate.memberHost" -}}
{{- $context := index . 0 -}}
{{- printf "%s.%s.%s.svc.%s" (index . 1) (include "quorate.headless" $context) $context.Release.Namespace $context.Values.clusterDomain -}}
{{- end -}}

{{/* Not empty if clients are served over TLS: who has certificates issued does not want clear text */}}
{{- define "quorate.clientTls" -}}
{{- if or .Values.tls.client.enabled .Values.tls.certManager.enabled -}}true{{- end -}}
{{- end -}}

{{- define "quorate.peerTls" -}}
{{- if or .Values.tls.peer.enabled .Values.tls.certManager.enabled -}}true{{- end -}}
{{- end -}}

{{- define "quorate.clientScheme" -}}
{{- ternary "https" "http" (not (empty (include "quorate.clientTls" .))) -}}
{{- end -}}

{{- define "quorate.peerScheme" -}}
{{- ternary "https" "http" (not (empty (include "quorate.peerTls" .))) -}}
{{- end -}}

{{- define "quorate.clientSecret" -}}
{{- default (printf "%s-client-tls" (include "quorate.fullname" .)) .Values.tls.client.secretName -}}
{{- end -}}

{{- define "quorate.peerSecret" -}}
{{- default (printf "%s-peer-tls" (include "quorate.fullname" .)) .Values.tls.peer.secretName -}}
{{- end -}}

{{/* Where the commands find certificates, as a list of options */}}
{{- define "quorate.toolTls" -}}
{{- if include "quorate.clientTls" . }}
- --cacert=/etc/tls/client/ca.crt
{{- if .Values.tls.client.requireCertificate }}
- --cert=/etc/tls/client/tls.crt
- --key=/etc/tls/client/tls.key
{{- end }}
{{- end }}
{{- end -}}

{{- define "quorate.clientTlsMount" -}}
{{- if include "quorate.clientTls" . }}
- name: client-tls
  mountPath: /etc/tls/client
  readOnly: true
{{- end }}
{{- end -}}

{{- define "quorate.clientTlsVolume" -}}
{{- if include "quorate.clientTls" . }}
- name: client-tls
  secret:
    secretName: {{ include "quorate.clientSecret" . }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/* How the commands log in, as a list of options */}}
{{- define "quorate.toolAuth" -}}
{{- if .Values.auth.enabled }}
- --user=root
- --password-file=/etc/auth/{{ .Values.auth.secretKey }}
{{- end }}
{{- end -}}

{{- define "quorate.authMount" -}}
{{- if .Values.auth.enabled }}
- name: auth
  mountPath: /etc/auth
  readOnly: true
{{- end }}
{{- end -}}

{{- define "quorate.authVolume" -}}
{{- if .Values.auth.enabled }}
- name: auth
  secret:
    secretName: {{ .Values.auth.secretName }}
    defaultMode: 0440
    items:
      - key: {{ .Values.auth.secretKey }}
        path: {{ .Values.auth.secretKey }}
{{- end }}
{{- end -}}

{{/* The client service, for the commands that act on the cluster */}}
{{- define "quorate.clientUrl" -}}
{{- printf "%s://%s.%s.svc.%s:%d" (include "quorate.clientScheme" .) (include "quorate.fullname" .) .Release.Namespace .Values.clusterDomain (int .Values.service.port) -}}
{{- end -}}

{{- define "quorate.peerUrl" -}}
{{- printf "%s://%s:2380" (include "quorate.peerScheme" (index . 0)) (include "quorate.memberHost" .) -}}
{{- end -}}

{{/* How many members found the cluster: what the StatefulSet remembers of the first installation, unless it is given. Those
     of before the annotation were three. */}}
{{- define "quorate.initialReplicas" -}}
{{- if .Values.initialReplicas -}}
{{- .Values.initialReplicas -}}
{{- else -}}
{{- $running := lookup "apps/v1" "StatefulSet" .Release.Namespace (include "quorate.fullname" .) -}}
{{- if $running -}}
{{- dig "metadata" "annotations" "quorate/initial-replicas" "3" $running -}}
{{- else -}}
{{- .Values.replicas -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The members of the first installation, as name=url,name=url */}}
{{- define "quorate.founders" -}}
{{- $context := . -}}
{{- $members := list -}}
{{- range $ordinal := until (int (include "quorate.initialReplicas" .)) -}}
{{- $name := printf "%s-%d" (include "quorate.fullname" $context) $ordinal -}}
{{- $members = append $members (printf "%s=%s" $name (include "quorate.peerUrl" (list $context $name))) -}}
{{- end -}}
{{- join "," $members -}}
{{- end -}}

{{/* A start of one of the commands in the image; they need little memory */}}
{{- define "quorate.toolCommand" -}}
- java
- -XX:+UseSerialGC
- -XX:TieredStopAtLevel=1
- -Xmx32m
- -jar
- /app/quorate.jar
{{- end -}}

{{/* Settings of every member; what the user gives wins */}}
{{- define "quorate.settings" -}}
{{- $host := include "quorate.memberHost" (list . "${POD_NAME}") -}}
{{- $member := dict
    "name" "${POD_NAME}"
    "data-dir" "/var/lib/quorate/data"
    "listen-client-urls" (printf "%s://0.0.0.0:2379" (include "quorate.clientScheme" .))
    "advertise-client-urls" (printf "%s://%s:2379" (include "quorate.clientScheme" .) $host)
    "listen-peer-urls" (printf "%s://0.0.0.0:2380" (include "quorate.peerScheme" .))
    "initial-advertise-peer-urls" (printf "%s://%s:2380" (include "quorate.peerScheme" .) $host)
    "initial-cluster-token" (printf "%s/%s" .Release.Namespace (include "quorate.fullname" .))
    "repair" "auto" -}}
{{- if .Values.persistence.wal.enabled -}}
{{- $_ := set $member "wal-dir" "/var/lib/quorate-wal/wal" -}}
{{- end -}}
{{- if include "quorate.clientTls" . -}}
{{- $_ := set $member "cert-file" "/etc/tls/client/tls.crt" -}}
{{- $_ := set $member "key-file" "/etc/tls/client/tls.key" -}}
{{- if .Values.tls.client.requireCertificate -}}
{{- $_ := set $member "trusted-ca-file" "/etc/tls/client/ca.crt" -}}
{{- $_ := set $member "client-cert-auth" true -}}
{{- end -}}
{{- end -}}
{{- if include "quorate.peerTls" . -}}
{{- $_ := set $member "peer-cert-file" "/etc/tls/peer/tls.crt" -}}
{{- $_ := set $member "peer-key-file" "/etc/tls/peer/tls.key" -}}
{{- $_ := set $member "peer-trusted-ca-file" "/etc/tls/peer/ca.crt" -}}
{{- $_ := set $member "peer-client-cert-auth" true -}}
{{- end -}}
{{- if .Values.backup.enabled -}}
{{- $backup := dict
    "to" .Values.backup.to
    "full" .Values.backup.full
    "interval" .Values.backup.interval
    "verify" .Values.backup.verify
    "keep-count" .Values.backup.keepCount
    "keep-age" .Values.backup.keepAge -}}
{{- if .Values.backup.credentialsSecret -}}
{{- $_ := set $backup "credentials-file" (include "quorate.backupCredentials" .) -}}
{{- end -}}
{{- if .Values.backup.keySecret -}}
{{- $_ := set $backup "key-file" (include "quorate.backupKey" .) -}}
{{- end -}}
{{- $_ := set $member "backup" $backup -}}
{{- end -}}
{{- $settings := dict
    "quorate" $member
    "management" (dict "server" (dict "address" "0.0.0.0" "port" 2381))
    "logging" (dict "level" (dict "io.quorate" .Values.logLevel)) -}}
{{- toYaml (mustMergeOverwrite $settings (deepCopy .Values.config)) -}}
{{- end -}}

{{- define "quorate.backupCredentials" -}}
{{- printf "/etc/quorate-backup/credentials/%s" .Values.backup.credentialsKey -}}
{{- end -}}

{{- define "quorate.backupKey" -}}
{{- printf "/etc/quorate-backup/key/%s" .Values.backup.keySecretKey -}}
{{- end -}}

{{/* What members and the restoring container see of backups */}}
{{- define "quorate.backupMount" -}}
{{- if .Values.backup.existingClaim }}
- name: backup
  mountPath: /var/lib/quorate-backup
{{- end }}
{{- if .Values.backup.credentialsSecret }}
- name: backup-credentials
  mountPath: /etc/quorate-backup/credentials
  readOnly: true
{{- end }}
{{- if .Values.backup.keySecret }}
- name: backup-key
  mountPath: /etc/quorate-backup/key
  readOnly: true
{{- end }}
{{- end -}}

{{- define "quorate.backupVolume" -}}
{{- with .Values.backup.existingClaim }}
- name: backup
  persistentVolumeClaim:
    claimName: {{ . }}
{{- end }}
{{- with .Values.backup.credentialsSecret }}
- name: backup-credentials
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.backup.keySecret }}
- name: backup-key
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end -}}
