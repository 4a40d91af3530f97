{{/* The pod of a command that acts on the cluster; the argument is a list of the context and the command's arguments */}}
{{- define "quorate.toolPod" -}}
{{- $context := index . 0 -}}
serviceAccountName: {{ include "quorate.serviceAccount" $context }}
automountServiceAccountToken: false
enableServiceLinks: false
restartPolicy: Never
{{- with $context.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $context.Values.podSecurityContext | nindent 2 }}
containers:
  - name: tool
    image: {{ include "quorate.image" $context }}
    imagePullPolicy: {{ $context.Values.image.pullPolicy }}
    command:
      {{- include "quorate.toolCommand" $context | nindent 6 }}
    args:
      {{- toYaml (index . 1) | nindent 6 }}
      {{- include "quorate.toolTls" $context | trim | nindent 6 }}
      {{- include "quorate.toolAuth" $context | trim | nindent 6 }}
    securityContext:
      {{- toYaml $context.Values.containerSecurityContext | nindent 6 }}
    resources:
      requests:
        cpu: 50m
        memory: 128Mi
      limits:
        memory: 128Mi
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- include "quorate.clientTlsMount" $context | trim | nindent 6 }}
      {{- include "quorate.authMount" $context | trim | nindent 6 }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 16Mi
  {{- include "quorate.clientTlsVolume" $context | trim | nindent 2 }}
  {{- include "quorate.authVolume" $context | trim | nindent 2 }}
{{- end -}}
