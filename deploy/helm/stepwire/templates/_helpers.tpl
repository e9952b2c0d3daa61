{{/* The name of everything: that of the release, with the chart's where it is not in it. */}}
{{- define "stepwire.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "stepwire.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "stepwire.labels" -}}
{{ include "stepwire.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Values that contradict each other stop the installation with the remedy. */}}
{{- define "stepwire.check" -}}
{{- $several := or (gt (int .Values.replicas) 1) .Values.keda.enabled -}}
{{- if not .Values.adminToken.secret -}}
{{- fail "adminToken.secret: name a secret with the first token; without one anybody could do everything" -}}
{{- end -}}
{{- if and $several (not .Values.database.secret) -}}
{{- fail "replicas, keda.enabled: more than one server needs PostgreSQL; set database.secret" -}}
{{- end -}}
{{- if and $several .Values.persistence.enabled (ne .Values.persistence.accessMode "ReadWriteMany") (not .Values.persistence.existingClaim) -}}
{{- fail "persistence.accessMode: servers of one database share their artifacts; set ReadWriteMany" -}}
{{- end -}}
{{- if and (not .Values.persistence.enabled) (not .Values.database.secret) -}}
{{- fail "persistence.enabled: the embedded database needs a volume; enable it or set database.secret" -}}
{{- end -}}
{{- if and $several (not .Values.persistence.enabled) -}}
{{- fail "persistence.enabled: servers of one database share their artifacts; enable it with ReadWriteMany" -}}
{{- end -}}
{{- if and .Values.keda.enabled (not (and .Values.metrics.enabled .Values.keda.prometheusUrl)) -}}
{{- fail "keda.enabled: it asks Prometheus for the servers' metrics; set metrics.enabled and keda.prometheusUrl" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not (and .Values.ingress.host .Values.ingress.trustedProxies)) -}}
{{- fail "ingress.enabled: set ingress.host, and in ingress.trustedProxies the networks of the ingress controller" -}}
{{- end -}}
{{- end -}}
