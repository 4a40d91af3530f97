{{/* Refuses values that each may be right and together are not, with a sentence that says what to change */}}
{{- define "quorate.validate" -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.certManager.enabled (not $tls.certManager.issuerRef.name) -}}
{{- fail "tls.certManager.enabled needs tls.certManager.issuerRef.name: who is to issue the certificates" -}}
{{- end -}}
{{- if and $tls.client.requireCertificate (not (include "quorate.clientTls" .)) -}}
{{- fail "tls.client.requireCertificate needs tls.client.enabled: in clear text no certificate can be asked for" -}}
{{- end -}}
{{- if and .Values.auth.enabled (not .Values.auth.secretName) -}}
{{- fail "auth.enabled needs auth.secretName: a secret with the password of root" -}}
{{- end -}}
{{- $backup := .Values.backup -}}
{{- if and (or $backup.enabled $backup.restore.enabled) (not $backup.to) -}}
{{- fail "backup.enabled needs backup.to: where backups go" -}}
{{- end -}}
{{- if and (hasPrefix "file:" $backup.to) (not $backup.existingClaim) -}}
{{- fail "backup.to=file:... needs backup.existingClaim: a volume of the pod itself is lost with the pod" -}}
{{- end -}}
{{- if and $backup.restore.enabled (not $backup.restore.toTime) -}}
{{- fail "backup.restore.enabled needs backup.restore.toTime: all members must begin with the same moment" -}}
{{- end -}}
{{- if and (not .Values.initialReplicas) (eq .Values.retireJob.mode "always") -}}
{{- fail "retireJob.mode=always is for rendering without a cluster, which cannot remember how many members there were at first: set initialReplicas to the replicas of the first installation" -}}
{{- end -}}
{{- if and .Release.IsInstall (ne .Values.retireJob.mode "always") (gt (int .Values.initialReplicas) (int .Values.replicas)) -}}
{{- fail (printf "initialReplicas=%d members found the cluster, but replicas=%d come: leave initialReplicas at 0, or make replicas at least as large" (int .Values.initialReplicas) (int .Values.replicas)) -}}
{{- end -}}
{{- if and .Values.podDisruptionBudget.enabled (ge (int .Values.replicas) 3) (not (kindIs "string" .Values.podDisruptionBudget.maxUnavailable)) -}}
{{- $tolerated := div (sub (int .Values.replicas) 1) 2 -}}
{{- if gt (int .Values.podDisruptionBudget.maxUnavailable) (int $tolerated) -}}
{{- fail (printf "podDisruptionBudget.maxUnavailable=%d would let a drain of nodes take the majority of %d members: at most %d may be away" (int .Values.podDisruptionBudget.maxUnavailable) (int .Values.replicas) (int $tolerated)) -}}
{{- end -}}
{{- end -}}
{{- $service := .Values.service -}}
{{- if ne $service.type "LoadBalancer" -}}
{{- range $field := list "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges" -}}
{{- if index $service $field -}}
{{- fail (printf "service.%s needs service.type=LoadBalancer" $field) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (eq $service.type "ClusterIP") $service.nodePort -}}
{{- fail "service.nodePort needs service.type=NodePort or LoadBalancer" -}}
{{- end -}}
{{- if and (eq $service.type "ClusterIP") $service.externalTrafficPolicy -}}
{{- fail "service.externalTrafficPolicy needs service.type=NodePort or LoadBalancer" -}}
{{- end -}}
{{- range $name, $use := dict
    "name" "it is the pod's"
    "data-dir" "the volume is mounted there"
    "wal-dir" "use persistence.wal"
    "initial-cluster" "each pod finds out"
    "initial-cluster-state" "each pod finds out"
    "listen-client-urls" "the service leads to that port; see tls.client for https"
    "listen-peer-urls" "the other pods dial that port; see tls.peer for https"
    "force-new-cluster" "every pod would go on alone; see 'Lost quorum' in docs/operations.md" -}}
{{- if hasKey ($.Values.config.quorate | default dict) $name -}}
{{- fail (printf "config.quorate.%s is set by the chart: %s" $name $use) -}}
{{- end -}}
{{- end -}}
{{- $server := dig "management" "server" (dict) $.Values.config -}}
{{- range $name, $use := dict
    "port" "probes, metrics and hooks ask there"
    "ssl" "probes and metrics ask in clear text" -}}
{{- if and (kindIs "map" $server) (hasKey $server $name) -}}
{{- fail (printf "config.management.server.%s is set by the chart: %s" $name $use) -}}
{{- end -}}
{{- end -}}
{{- end -}}
